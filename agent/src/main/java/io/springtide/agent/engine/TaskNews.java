package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory.Held;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.TaskSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes in what the runtimes and the checks tell of tasks, and makes statuses of it. */
final class TaskNews {

    private final Notebook book;

    TaskNews(Notebook book) {
        this.book = book;
    }

    /** Looks for all that an earlier life of this agent has launched. */
    void adoptAll() {
        for (Held held : book.memory.held()) {
            Optional<TaskSpec> spec = book.memory.spec(held.specDigest());
            if (held.ended()) {
                continue;
            }
            if (spec.isEmpty()) {
                book.queue(book.status(held.instanceId(), Condition.GONE)
                        .setMessage("its definition was lost"));
                continue;
            }
            book.begin(held.instanceId(), new Live(held, spec.get()));
            book.emit(new Effect.Adopt(held.instanceId(), spec.get(), held.hostPorts()));
            held.killGraceMs().ifPresent(
                    graceMs -> book.emit(new Effect.Kill(held.instanceId(), spec.get(), graceMs)));
        }
    }

    /** Reports all that is held once more; what has ended is reported until it is acknowledged anyway. */
    void tellAll() {
        for (Held held : book.memory.held()) {
            long id = held.instanceId();
            if (book.unended(id).isPresent()) {
                book.queueAsItIs(id, book.condition(id));
            }
        }
    }

    void starting(long id) {
        book.unended(id).filter(instance -> !instance.running && !book.killed(id))
                .ifPresent(instance -> {
                    instance.starting = true;
                    book.queueAsItIs(id, Condition.STARTING);
                });
    }

    void running(long id, String ipAddress) {
        Optional<Live> found = book.unended(id);
        Optional<Held> held = book.memory.held(id);
        if (found.isEmpty() || held.isEmpty()) {
            return;
        }
        Live instance = found.get();
        instance.running = true;
        instance.ipAddress = ipAddress;
        if (held.get().killGraceMs().isPresent()) {
            return;
        }
        book.queueAsItIs(id, Condition.RUNNING);
        Optional<TaskSpec> spec = book.memory.spec(held.get().specDigest());
        boolean ready = held.get().ready();
        if (!instance.watched && spec.filter(one -> asked(one, ready)).isPresent()) {
            instance.watched = true;
            book.emit(new Effect.Watch(id, spec.get(), held.get().hostPorts(), ipAddress, ready,
                    held.get().alive()));
        }
    }

    private static boolean asked(TaskSpec spec, boolean ready) {
        return spec.getHealthChecksCount() > 0 || spec.hasCheck()
                || (spec.hasReadinessCheck() && !ready)
                || spec.getContainersList().stream()
                        .anyMatch(one -> one.getSpec().getHealthChecksCount() > 0);
    }

    void overlooked(long id) {
        book.unended(id).ifPresent(instance -> instance.overlooked = true);
    }

    void ended(long id, Ending ending) {
        book.unended(id).ifPresent(instance -> ended(id, instance, ending));
    }

    private void ended(long id, Live instance, Ending ending) {
        book.unwatch(id);
        instance.over = true;
        InstanceStatus.Builder status = switch (ending) {
            case Ending.Exited(int code, String message) -> {
                Condition condition = book.killed(id)
                        ? Condition.KILLED
                        : code == 0 ? Condition.FINISHED : Condition.FAILED;
                String said = message.isEmpty() && code != 0 ? "exit code " + code : message;
                yield book.status(id, condition).setExitCode(code).setMessage(Live.shortened(said));
            }
            case Ending.NotStarted(String message) -> book.killed(id)
                    ? book.status(id, Condition.KILLED).setExitCode(-1)
                            .setMessage("killed before it was started")
                    : book.status(id, Condition.ERROR).setMessage(Live.shortened(message));
            case Ending.Gone(String message) ->
                book.status(id, Condition.GONE).setMessage(Live.shortened(message));
        };
        instance.addContainers(status);
        book.specOf(id).ifPresent(spec -> status.setAppId(spec.getAppId()));
        book.queue(status.setIpAddress(instance.ipAddress).setOverlooked(instance.overlooked));
    }

    void containersSeen(long id, List<ContainerStatus> containers) {
        book.unended(id).ifPresent(instance -> {
            instance.containers = containers;
            book.queueAsItIs(id, book.condition(id));
        });
    }

    void healthSeen(long id, HealthReport report, Map<String, HealthReport> containers) {
        watched(id).ifPresent(instance -> {
            if (book.memory.held(id).filter(held -> held.alive() != report.getAlive())
                    .isPresent()) {
                book.save(new CheckpointRecord.Alive(id, report.getAlive()));
            }
            instance.health = Optional.of(report);
            instance.containersHealth = containers;
            book.queueAsItIs(id, Condition.RUNNING);
        });
    }

    void readinessSeen(long id, ReadinessReport report) {
        watched(id).ifPresent(instance -> {
            if (report.getReady()) {
                book.save(new CheckpointRecord.Ready(id));
            }
            instance.readiness = Optional.of(report);
            book.queueAsItIs(id, Condition.RUNNING);
        });
    }

    /** Nothing is remembered of it: after a restart of this agent the first answer is news again. */
    void checkSeen(long id, CheckReport report) {
        watched(id).ifPresent(instance -> {
            instance.check = Optional.of(report);
            book.queueAsItIs(id, Condition.RUNNING);
        });
    }

    /** Checks may still tell of one that they are no longer to look after. */
    private Optional<Live> watched(long id) {
        return book.unended(id).filter(instance -> instance.watched && !book.killed(id));
    }
}
