package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.ExecCreateCmdResponse;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands inside containers that run. The daemon cannot end such a command, so each tells its
 * process id first, by which another command ends it, and its children, when its time is over.
 */
final class ContainerCommand {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerCommand.class);
    private static final int OUTPUT_CHARS_MAX = 200;
    /** First a line with the id of its own process, which then becomes the command. */
    private static final String TELLING_ITS_PID = "echo $$; exec /bin/sh -c \"$1\"";

    private final Daemon daemon;
    private final Duration callTimeout;

    ContainerCommand(Daemon daemon, Duration callTimeout) {
        this.daemon = daemon;
        this.callTimeout = callTimeout;
    }

    CommandEnd run(Task task, String command, Duration timeout) throws InterruptedException {
        try {
            return exec(task, command, timeout);
        } catch (NotFoundException e) {
            return new CommandEnd.NotRun("the container is not there any more");
        } catch (DaemonException | DockerException e) {
            String why = e instanceof DockerException said ? Daemon.words(said) : e.getMessage();
            return new CommandEnd.NotRun("the command could not be run in the container: " + why);
        }
    }

    private CommandEnd exec(Task task, String command, Duration timeout)
            throws InterruptedException {
        ExecCreateCmdResponse made = daemon.call(callTimeout,
                client -> client.execCreateCmd(task.taskId()).withAttachStdout(true)
                        .withAttachStderr(true)
                        .withCmd("/bin/sh", "-c", TELLING_ITS_PID, "check", command).exec());
        String output;
        try (Output heard = new Output()) {
            daemon.streaming().execStartCmd(made.getId()).exec(heard);
            if (!heard.awaitCompletion(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                end(task, heard.pid());
                return new CommandEnd.TimedOut();
            }
            output = heard.rest();
        } catch (IOException | RuntimeException e) {
            return new CommandEnd.NotRun("the connection to the Docker daemon broke off: "
                    + e.getMessage());
        }
        Long code = daemon.call(callTimeout,
                client -> client.inspectExecCmd(made.getId()).exec().getExitCodeLong());
        return new CommandEnd.Exited(code == null ? -1 : code.intValue(), output);
    }

    /** Ends the command's process group, which is its own. */
    private void end(Task task, Optional<String> pid) {
        if (pid.isEmpty()) {
            LOG.debug("a command in {} was so slow to start that it cannot be ended",
                    task.taskId());
            return;
        }
        try {
            ExecCreateCmdResponse made = daemon.call(callTimeout,
                    client -> client.execCreateCmd(task.taskId())
                            .withCmd("/bin/sh", "-c", "kill -9 -$0 || kill -9 $0", pid.get())
                            .exec());
            daemon.streaming().execStartCmd(made.getId()).withDetach(true).exec(new Output());
        } catch (DaemonException | DockerException e) {
            LOG.debug("a command in {} runs on: {}", task.taskId(), e.getMessage());
        }
    }

    /** The container's own IPv6 address, asked of the daemon. */
    Optional<String> ipv6Address(Task task) {
        try {
            InspectContainerResponse seen = daemon.call(callTimeout,
                    client -> client.inspectContainerCmd(task.taskId()).exec());
            Map<String, ContainerNetwork> networks = seen.getNetworkSettings() == null
                    ? Map.of()
                    : seen.getNetworkSettings().getNetworks();
            return networks.values().stream()
                    .map(network -> Explanation.text(network.getGlobalIPv6Address()))
                    .filter(address -> !address.isEmpty()).findFirst();
        } catch (DaemonException | DockerException e) {
            LOG.debug("the IPv6 address of {} is not known: {}", task.taskId(), e.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps the beginning of what a command writes and lets the rest go. */
    private static final class Output extends ResultCallback.Adapter<Frame> {
        /** Up to the first end of a line; stderr may overtake it. */
        private final StringBuilder pid = new StringBuilder();
        private final StringBuilder kept = new StringBuilder();
        private boolean pidWhole;

        @Override
        public synchronized void onNext(Frame frame) {
            String text = new String(frame.getPayload(), StandardCharsets.UTF_8);
            int from = 0;
            if (!pidWhole && frame.getStreamType() != StreamType.STDERR) {
                int end = text.indexOf('\n');
                pidWhole = end >= 0;
                from = pidWhole ? end + 1 : text.length();
                pid.append(text, 0, pidWhole ? end : text.length());
            }
            int room = OUTPUT_CHARS_MAX - kept.length();
            if (room > 0) {
                kept.append(text, from, Math.min(text.length(), from + room));
            }
        }

        /** Once it is there; what writes it is ours, and writes nothing but digits. */
        synchronized Optional<String> pid() {
            return pidWhole && pid.length() > 0 && pid.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Optional.of(pid.toString())
                    : Optional.empty();
        }

        /** What the command itself wrote, on one line. */
        synchronized String rest() {
            return kept.toString().strip().replaceAll("\\s+", " ");
        }
    }
}
