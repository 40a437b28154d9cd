package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts what the daemon says into sentences for the people who own the app. */
final class Explanation {

    private static final int SIGNAL_BASE = 128;
    private static final int SIGINT = 2;
    private static final int SIGABRT = 6;
    private static final int SIGKILL = 9;
    private static final int SIGSEGV = 11;
    private static final int SIGTERM = 15;

    private Explanation() {}

    /** Why a container could not be created or started. */
    static String notStarted(TaskSpec spec, DockerException error) {
        String words = Daemon.words(error);
        String lower = words.toLowerCase(Locale.ROOT);
        String image = spec.getContainer().getImage();
        if (lower.contains("no such image")) {
            return missingImage(image);
        }
        if (lower.contains("port is already allocated")
                || lower.contains("address already in use")) {
            return "a host port of " + spec.getAppId()
                    + " is taken on this machine by something else: "
                    + words + "; free the port, or take it out of the agent's port range.";
        }
        if (lower.contains("executable file not found") || lower.contains("exec: ")
                || lower.contains("exec format error")) {
            return "the command of " + spec.getAppId() + " cannot be run in the image " + image
                    + ": "
                    + words + "; check cmd, args and the image's platform.";
        }
        if (lower.contains("network ") && lower.contains("not found")) {
            return "the network '" + spec.getContainer().getNetworkName()
                    + "' does not exist on this machine: " + words
                    + "; make it with docker network create, or correct the app's 'networks'.";
        }
        if (lower.contains("no space left")) {
            return "the disk of the Docker daemon is full: " + words
                    + "; free space (docker system prune).";
        }
        if (lower.contains("unable to find user")) {
            return "the user '" + spec.getUser() + "' does not exist in the image " + image + ": "
                    + words
                    + "; take a number, or an image that knows the user.";
        }
        return "Docker did not start " + spec.getAppId() + " from the image " + image + ": " + words
                + ".";
    }

    static String missingImage(String image) {
        return "the image " + image
                + " is not on this machine and could not be fetched; check its name and tag.";
    }

    /** What the state of a container that does not run any more says. */
    static Ending.Exited exited(TaskSpec spec, InspectContainerResponse.ContainerState state) {
        Long known = state.getExitCodeLong();
        int code = known == null ? -1 : known.intValue();
        List<String> messages = new ArrayList<>();
        if (Boolean.TRUE.equals(state.getOOMKilled()) && code != 0) {
            messages.add("memory limit of " + ContainerRequest.memLimitMib(spec) + " MiB exceeded");
        } else if (code > SIGNAL_BASE) {
            messages.add(signal(code - SIGNAL_BASE));
        }
        String error = text(state.getError());
        if (!error.isEmpty()) {
            messages.add(error);
        }
        return new Ending.Exited(code, String.join("; ", messages));
    }

    private static String signal(int number) {
        String name = switch (number) {
            case SIGINT -> " (SIGINT)";
            case SIGABRT -> " (SIGABRT)";
            case SIGKILL -> " (SIGKILL)";
            case SIGSEGV -> " (SIGSEGV)";
            case SIGTERM -> " (SIGTERM)";
            default -> "";
        };
        return "ended by signal " + number + name;
    }

    /** The daemon leaves out what is empty. */
    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
