package io.springtide.master.prefetch;

import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import java.util.Map;
import java.util.Optional;

/** One thing on one agent: whether it has been told to fetch it, and how far it is. One thread. */
final class Turn {

    /** Whoever takes longer goes on, but holds up nobody any more. */
    static final long TURN_MS = 180_000;

    /** From a failure to the next attempt: whatever it was, it is to have passed. */
    static final long AGAIN_MS_MIN = 60_000;
    static final long AGAIN_MS_MAX = 120_000;

    /** So long a failed one is off the list: an agent begins anew only with what it was not told before. */
    static final long OFF_MS = 5_000;

    /** How it looks to people. */
    enum Standing {
        WAITING, FETCHING, DONE, FAILED
    }

    private boolean told;
    private boolean connected;
    private long toldMs;
    private long notBeforeMs;
    private boolean failed;
    private String error = "";
    private PrefetchState said = PrefetchState.getDefaultInstance();

    /** Notes what the agent says. The result is what has come to an end by it, if anything has. */
    Optional<Stage> hear(Optional<Map<String, PrefetchState>> answer, String id, long againMs) {
        connected = answer.isPresent();
        Optional<PrefetchState> now = answer.map(states -> states.get(id));
        if (!told || now.isEmpty()) {
            return Optional.empty();
        }
        Stage before = said.getStage();
        said = now.get();
        if (said.getStage() == before) {
            return Optional.empty();
        }
        if (said.getStage() == Stage.DONE) {
            failed = false;
            return Optional.of(Stage.DONE);
        }
        if (said.getStage() == Stage.UNFETCHED) {
            failed = true;
            error = said.getError().isEmpty() ? "it does not say why" : said.getError();
            notBeforeMs = againMs;
            return Optional.of(Stage.UNFETCHED);
        }
        return Optional.empty();
    }

    boolean told() {
        return told;
    }

    /** It is there or on its way. */
    boolean known() {
        return told || done();
    }

    boolean done() {
        return said.getStage() == Stage.DONE;
    }

    /** It keeps others from fetching the same thing. */
    boolean inTheWay(long nowMs) {
        return told && connected && !done() && said.getStage() != Stage.UNFETCHED
                && nowMs - toldMs < TURN_MS;
    }

    /** It may be told, as far as this agent is concerned. */
    boolean ready(long nowMs) {
        return !told && connected && !done() && nowMs - notBeforeMs >= 0;
    }

    /** It has failed and rested: it is to be tried again. */
    boolean dueAgain(long nowMs) {
        return told && said.getStage() == Stage.UNFETCHED && nowMs - notBeforeMs >= 0;
    }

    void tell(long nowMs) {
        told = true;
        toldMs = nowMs;
        said = PrefetchState.getDefaultInstance();
    }

    /** It is not on the agent's list any more. */
    void withdraw(long nowMs) {
        told = false;
        notBeforeMs = nowMs + OFF_MS;
    }

    PrefetchState said() {
        return said;
    }

    /** Why it failed last. */
    String error() {
        return error;
    }

    /** A failure is one until it has been made good. */
    Standing standing() {
        if (done()) {
            return Standing.DONE;
        }
        if (failed) {
            return Standing.FAILED;
        }
        return told && said.getStage() == Stage.FETCHING ? Standing.FETCHING : Standing.WAITING;
    }
}
