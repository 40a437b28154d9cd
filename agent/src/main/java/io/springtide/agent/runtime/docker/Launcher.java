package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.springtide.agent.fetch.FetchProgress;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and starts containers. Every step may be repeated: a container is named after its task, and
 * one that is there already is taken up where it stands.
 */
final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final int ATTEMPTS_MAX = 3;
    private static final Duration RETRY_FIRST = Duration.ofMillis(600);
    private static final Duration OUTPUT_LOOK_IN = Duration.ofSeconds(1);
    /** 128 + SIGTERM: what a process would leave that was killed right at its start. */
    static final Ending.Exited KILLED_BEFORE = new Ending.Exited(143,
            "killed before it was started");

    private sealed interface Creation {
        record Made(String containerId) implements Creation {}

        record ImageMissing() implements Creation {}

        /** It was started by an earlier attempt whose answer got lost, or by an earlier life. */
        record Underway() implements Creation {}
    }

    private final Daemon daemon;
    private final Threads threads;
    private final DockerSettings settings;
    private final Mark mark;
    private final OutputQueue outputs;
    private final Killer killer;
    private final ImagePulls pulls;
    private final Watcher watcher;
    private final SandboxPreparation preparation;

    Launcher(Daemon daemon, Threads threads, DockerSettings settings, Mark mark,
            LogCopier logs,
            Killer killer, Watcher watcher, SandboxPreparation preparation) {
        this.daemon = daemon;
        this.threads = threads;
        this.settings = settings;
        this.mark = mark;
        this.outputs = new OutputQueue(threads::launchesWait, System::nanoTime,
                look -> threads.in(OUTPUT_LOOK_IN, look),
                held -> logs.follow(held.id(), held.containerId(), held.task().sandbox()));
        this.killer = killer;
        this.watcher = watcher;
        this.preparation = preparation;
        this.pulls = new ImagePulls(daemon, settings.pullTimeout(), threads.pulls);
    }

    /** Brings an image here ahead of time; blocks. */
    Optional<String> fetchAhead(String image, FetchProgress progress,
            BooleanSupplier cancelled) throws InterruptedException {
        return pulls.fetchAhead(image, progress, cancelled);
    }

    void launch(Held held) {
        if (held.task().spec().getArtifactsCount() == 0) {
            startOrFetch(held);
            return;
        }
        try {
            threads.pulls.execute(() -> prepare(held));
        } catch (RejectedExecutionException e) {
            held.tellEnded(
                    new Ending.NotStarted("the agent has too much to fetch already, or is ending;"
                            + " the task has to go elsewhere."));
        }
    }

    private void prepare(Held held) {
        try {
            Files.createDirectories(held.task().sandbox());
            Optional<String> problem = preparation.prepare(held.task(), held::ended);
            if (problem.isPresent()) {
                held.tellEnded(new Ending.NotStarted(problem.get()));
            } else {
                startOrFetch(held);
            }
        } catch (IOException | RuntimeException e) {
            held.tellEnded(new Ending.NotStarted("the sandbox " + held.task().sandbox()
                    + " could not be prepared: " + e + "; look at the agent's disk."));
        }
    }

    private void startOrFetch(Held held) {
        if (held.task().spec().getContainer().getForcePull()) {
            fetchThenStart(held);
        } else {
            startSoon(held);
        }
    }

    private void fetchThenStart(Held held) {
        var unused = pulls.fetch(held.task().spec().getContainer().getImage())
                .thenAccept(problem -> {
                    if (problem.isPresent()) {
                        held.tellEnded(new Ending.NotStarted(problem.get()));
                    } else {
                        held.imageFetched(true);
                        startSoon(held);
                    }
                });
    }

    void startSoon(Held held) {
        try {
            threads.launches.execute(() -> start(held));
        } catch (RejectedExecutionException e) {
            held.tellEnded(
                    new Ending.NotStarted("the agent has too many containers to start already,"
                            + " or is ending; the task has to go elsewhere."));
        }
    }

    private void start(Held held) {
        if (!held.enterLaunch()) {
            return;
        }
        Runnable next = () -> {};
        try {
            next = attempt(held);
        } catch (CannotStartException e) {
            next = () -> fail(held, String.valueOf(e.getMessage()));
        } catch (DaemonException e) {
            next = () -> againOrFail(held, e);
        } catch (DockerException e) {
            next = () -> fail(held, Explanation.notStarted(held.task().spec(), e));
        } catch (RuntimeException e) {
            LOG.error("starting {} failed", held.task().taskId(), e);
            next = () -> fail(held,
                    "an unexpected error of the agent: " + e + "; see the agent's log.");
        } finally {
            if (held.leaveLaunch()) {
                next = () -> end(held, KILLED_BEFORE);
            }
        }
        next.run();
    }

    /** One attempt; returns what is to be done after it. */
    private Runnable attempt(Held held) {
        if (held.killAsked()) {
            return () -> {};
        }
        return switch (create(held)) {
            case Creation.Made(String containerId) -> {
                held.containerId(containerId);
                yield boot(held);
            }
            case Creation.ImageMissing() -> () -> fetchThenStart(held);
            case Creation.Underway() -> {
                held.tellStarting();
                held.become(Held.Phase.ADOPTING);
                yield () -> watcher.examine(held);
            }
        };
    }

    private Creation create(Held held) {
        Task task = held.task();
        String image = task.spec().getContainer().getImage();
        if (image.isEmpty()) {
            throw new CannotStartException("the app " + task.spec().getAppId()
                    + " names no image; set container.docker.image, or in a pod the container's image.");
        }
        try {
            Files.createDirectories(task.sandbox());
        } catch (IOException e) {
            throw new CannotStartException(
                    "the sandbox " + task.sandbox() + " could not be made: " + e
                            + "; look at the agent's disk.");
        }
        try (CreateContainerCmd create = daemon.streaming().createContainerCmd(image)) {
            ContainerRequest.write(task, mark, create);
            return new Creation.Made(
                    daemon.call(settings.callTimeout(), client -> create.exec().getId()));
        } catch (NotFoundException e) {
            if (!Daemon.words(e).toLowerCase(Locale.ROOT).contains("no such image")) {
                throw e;
            }
            if (held.imageFetched()) {
                throw new CannotStartException(Explanation.missingImage(image));
            }
            return new Creation.ImageMissing();
        } catch (ConflictException e) {
            return existing(held, e);
        }
    }

    private Creation existing(Held held, ConflictException conflict) {
        InspectContainerResponse present = daemon.call(settings.callTimeout(),
                client -> client.inspectContainerCmd(held.task().taskId()).exec());
        Map<String, String> labels = present.getConfig() == null
                ? null
                : present.getConfig().getLabels();
        if (labels == null || !mark.of(held.task(), labels)) {
            held.outcomeUnknown(false);
            throw new CannotStartException("the name " + held.task().taskId()
                    + " is taken by a container that is not this cluster's ("
                    + Daemon.words(conflict)
                    + "); rename or remove it: docker rm " + held.task().taskId() + ".");
        }
        if ("created".equals(present.getState().getStatus())) {
            return new Creation.Made(present.getId());
        }
        held.containerId(present.getId());
        return new Creation.Underway();
    }

    private Runnable boot(Held held) {
        Task task = held.task();
        openSandbox(task);
        held.tellStarting();
        if (held.killAsked()) {
            return () -> {};
        }
        try {
            daemon.call(settings.callTimeout(),
                    client -> client.startContainerCmd(held.container()).exec());
        } catch (NotModifiedException e) {
            LOG.debug("{} runs already", task.taskId());
        }
        held.tellRunning(addressOf(held));
        return () -> {
            outputs.follow(held);
            if (held.takeEndSeen()) {
                threads.control("end of a container", () -> watcher.examine(held));
            }
            if (held.killAsked()) {
                threads.control("kill", () -> killer.drive(held));
            }
        };
    }

    private String addressOf(Held held) {
        if (held.task().spec().getContainer().getNetwork() == Container.Network.HOST) {
            return "";
        }
        try {
            return Watcher.address(daemon.call(settings.callTimeout(),
                    client -> client.inspectContainerCmd(held.container()).exec()));
        } catch (DaemonException | DockerException e) {
            // It runs, which is what counts.
            LOG.info("the address of {} is not known: {}", held.task().taskId(), e.getMessage());
            return "";
        }
    }

    /** A task that is not root must be able to write into its sandbox, which the agent has made. */
    private static void openSandbox(Task task) {
        String user = userOf(task.spec());
        if (user.isEmpty() || user.equals("root") || user.equals("0") || user.startsWith("0:")
                || user.startsWith("root:")) {
            return;
        }
        Path sandbox = task.sandbox();
        try {
            int colon = user.indexOf(':');
            String uid = colon < 0 ? user : user.substring(0, colon);
            if (uid.chars().allMatch(c -> c >= '0' && c <= '9') && uid.length() < 10) {
                Files.setAttribute(sandbox, "unix:uid", Integer.parseInt(uid));
            } else {
                // Only the image knows the number behind the name.
                Files.setPosixFilePermissions(sandbox,
                        PosixFilePermissions.fromString("rwxrwxrwx"));
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn(
                    "the sandbox {} may not be writable for the user {}: {}; run the agent as root, or the app"
                            + " as the agent's own user",
                    sandbox, user, e.toString());
        }
    }

    private static String userOf(TaskSpec spec) {
        return spec.getContainer().getParametersList().stream()
                .filter(parameter -> parameter.getKey().equals("user"))
                .reduce((first, last) -> last)
                .map(io.springtide.api.agent.Parameter::getValue).orElse(spec.getUser());
    }

    private void againOrFail(Held held, DaemonException why) {
        if (why.reached()) {
            held.outcomeUnknown(true);
        }
        int attempt = held.nextAttempt();
        if (attempt < ATTEMPTS_MAX) {
            threads.in(Threads.jittered(RETRY_FIRST.multipliedBy(1L << (attempt - 1))),
                    () -> startSoon(held));
        } else {
            fail(held, String.valueOf(why.getMessage()));
        }
    }

    private void fail(Held held, String sentence) {
        end(held, new Ending.NotStarted(sentence));
    }

    /** Whether a container was made may be unknown; in any case none may be left. */
    private void end(Held held, Ending ending) {
        boolean made = !held.containerId().isEmpty() || held.outcomeUnknown();
        if (held.tellEnded(ending) && made) {
            threads.control("removal", () -> killer.remove(held.container()));
        }
    }
}
