package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Held;
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
    private final Standbys standbys;
    private final StartLimiter starts;

    TaskNews(Notebook book, Standbys standbys, StartLimiter starts) {
        this.book = book;
        this.standbys = standbys;
        this.starts = starts;
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
            if (held.waiting()) {
                // The runtime has never heard of it.
                waitAgain(held);
                continue;
            }
            book.emit(new Effect.Adopt(held.instanceId(), spec.get(), held.hostPorts()));
            held.killGraceMs().ifPresent(
                    graceMs -> book.emit(new Effect.Kill(held.instanceId(), spec.get(), graceMs)));
        }
    }

    private void waitAgain(Held held) {
        if (held.killGraceMs().isPresent()) {
            neverStarted(held.instanceId());
        } else {
            starts.add(held.instanceId(), held.specDigest(), held.waitingGpus().orElse(0));
        }
    }

    /** It was killed while it waited for its turn. */
    void neverStarted(long id) {
        ended(id, new Ending.NotStarted("killed before it was started"));
    }

    /** Reports all that is held once more; what has ended is reported until it is acknowledged anyway. */
    void tellAll() {
        for (Held held : book.memory.held()) {
            long id = held.instanceId();
            if (book.unended(id).isPresent()) {
                book.queueAsItIs(id);
            }
        }
    }

    void starting(long id) {
        starts.starting(id);
        book.unended(id).filter(instance -> !instance.running && !book.killed(id))
                .ifPresent(instance -> {
                    instance.starting = true;
                    book.queueAsItIs(id);
                });
    }

    void running(long id, String ipAddress) {
        Optional<Live> found = book.unended(id);
        Optional<Held> held = book.memory.held(id);
        if (found.isEmpty() || held.isEmpty()) {
            return;
        }
        starts.running(id, book.now().upMs());
        Live instance = found.get();
        instance.running = true;
        instance.ipAddress = ipAddress;
        if (held.get().killGraceMs().isEmpty()) {
            standbys.running(id, held.get());
        }
    }

    void overlooked(long id) {
        book.unended(id).ifPresent(instance -> instance.overlooked = true);
    }

    void ended(long id, Ending ending) {
        book.unended(id).ifPresent(instance -> ended(id, instance, ending));
    }

    private void ended(long id, Live instance, Ending ending) {
        book.unwatch(id);
        starts.ended(id, !book.killed(id) && failed(ending), book.now().upMs());
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
        instance.addContainers(status, book.warmth(id));
        book.specOf(id).ifPresent(spec -> status.setAppId(spec.getAppId()));
        book.queue(status.setIpAddress(instance.ipAddress).setOverlooked(instance.overlooked));
    }

    private static boolean failed(Ending ending) {
        return switch (ending) {
            case Ending.Exited(int code, String unused) -> code != 0;
            case Ending.NotStarted unused -> true;
            case Ending.Gone unused -> false;
        };
    }

    void containersSeen(long id, List<ContainerStatus> containers) {
        book.unended(id).ifPresent(instance -> {
            instance.containers = containers;
            book.queueAsItIs(id);
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
            book.queueAsItIs(id);
            standbys.freezeIfReady(id);
        });
    }

    void readinessSeen(long id, ReadinessReport report) {
        watched(id).ifPresent(instance -> {
            if (report.getReady()) {
                book.save(new CheckpointRecord.Ready(id));
            }
            instance.readiness = Optional.of(report);
            book.queueAsItIs(id);
            standbys.freezeIfReady(id);
        });
    }

    /** Nothing is remembered of it: after a restart of this agent the first answer is news again. */
    void checkSeen(long id, CheckReport report) {
        watched(id).ifPresent(instance -> {
            instance.check = Optional.of(report);
            book.queueAsItIs(id);
        });
    }

    /** Checks may still tell of one that they are no longer to look after. */
    private Optional<Live> watched(long id) {
        return book.unended(id).filter(instance -> instance.watched && !book.killed(id));
    }
}
