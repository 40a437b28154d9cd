package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import java.time.Duration;
import java.util.Optional;

/** How one container of a pod stands. Owned by the pod. */
final class Member {

    private final ContainerTask container;
    private boolean launched;
    private boolean starting;
    private boolean running;
    /** Its end was ordered before it was seen to end. */
    private boolean killed;
    private Optional<Ending> ending = Optional.empty();
    private Optional<Duration> grace = Optional.empty();
    private String message = "";

    Member(ContainerTask container) {
        this.container = container;
    }

    String name() {
        return container.name();
    }

    Task task() {
        return container.task();
    }

    boolean launched() {
        return launched;
    }

    boolean runs() {
        return running && ending.isEmpty();
    }

    boolean ended() {
        return ending.isPresent();
    }

    /** Whether the runtime has said how it stands. */
    boolean seen() {
        return running || ended();
    }

    Optional<Ending> ending() {
        return ending;
    }

    /** Whether it has ended, and nobody had ordered it. */
    boolean endedByItself() {
        return ended() && !killed;
    }

    void becomeLaunched() {
        launched = true;
    }

    /** False if that is no news. */
    boolean becomeStarting() {
        boolean news = !starting && !running && !ended();
        starting = true;
        return news;
    }

    /** False if that is no news. */
    boolean becomeRunning() {
        boolean news = !running && !ended();
        running = true;
        return news;
    }

    void becomeKilled() {
        killed = killed || !ended();
    }

    /** Notes a kill that is about to be ordered; false if one with no longer a grace was before. */
    boolean becomeKilled(Duration within) {
        becomeKilled();
        boolean news = grace.isEmpty() || within.compareTo(grace.get()) < 0;
        grace = news ? Optional.of(within) : grace;
        return news;
    }

    /** False if that is no news. */
    boolean becomeEnded(Ending how) {
        if (ended()) {
            return false;
        }
        ending = Optional.of(how);
        message = switch (how) {
            case Ending.Exited(int code, String said) -> said;
            case Ending.NotStarted(String said) -> said;
            case Ending.Gone(String said) -> said;
        };
        return true;
    }

    /** The pod ends before its turn has come. */
    void becomeNeverStarted() {
        killed = true;
        becomeEnded(new Ending.NotStarted("not started, since the pod had to end"));
    }

    int exitCode() {
        return ending.map(how -> how instanceof Ending.Exited(int code, String said) ? code : -1)
                .orElse(0);
    }

    String message() {
        return message;
    }

    ContainerStatus status() {
        return ContainerStatus.newBuilder().setName(name()).setCondition(condition())
                .setExitCode(exitCode()).setMessage(message).build();
    }

    private Condition condition() {
        if (ending.isEmpty()) {
            return killed
                    ? Condition.KILLING
                    : running
                            ? Condition.RUNNING
                            : starting ? Condition.STARTING : Condition.STAGING;
        }
        return switch (ending.get()) {
            case Ending.Gone(String said) -> Condition.GONE;
            case Ending.Exited(int code, String said) -> killed
                    ? Condition.KILLED
                    : code == 0 ? Condition.FINISHED : Condition.FAILED;
            case Ending.NotStarted(String said) -> killed ? Condition.KILLED : Condition.ERROR;
        };
    }
}
