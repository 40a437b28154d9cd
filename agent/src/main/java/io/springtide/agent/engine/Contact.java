package io.springtide.agent.engine;

import io.springtide.api.agent.Welcome;
import java.util.ArrayDeque;

/**
 * How sure the agent can be that a master hears it and is heard. A heartbeat that was answered proves that
 * the master knew of this agent when the heartbeat was sent, and not only when the answer came.
 */
final class Contact {

    private static final long HEARTBEAT_MS_MIN = 100;
    /** A master that is taking over needs a moment; one that is paused never answers. */
    static final long WELCOME_MS_FIRST = 3_000;
    /** Where many agents come at once, asking anew all the time would make it worse. */
    static final long WELCOME_MS_CAP = 12_000;
    private static final int UNANSWERED_MAX = 64;

    private record Sent(long number, long atMs) {}

    private final ArrayDeque<Sent> unanswered = new ArrayDeque<>();
    private long heartbeatMs = HEARTBEAT_MS_MIN;
    private long silentAfterMs;
    private long welcomeMs = WELCOME_MS_FIRST;
    private long connectedMs;
    private long heardMs;
    private long beatenMs;
    private long number;
    private long provenMs;

    /** The agent has come up; what was before nobody can know. */
    void started(long nowMs) {
        provenMs = nowMs;
    }

    /** A connection stands, and Register is on its way. */
    void connected(long nowMs) {
        connectedMs = nowMs;
        heardMs = nowMs;
        silentAfterMs = 0;
        number = 0;
        unanswered.clear();
    }

    void heard(long nowMs) {
        heardMs = nowMs;
    }

    void welcomed(Welcome welcome, long nowMs) {
        heartbeatMs = Math.max(HEARTBEAT_MS_MIN, welcome.getHeartbeatIntervalMs());
        silentAfterMs = welcome.getSilentAfterMs() == 0
                ? 0
                : Math.max(2 * heartbeatMs, welcome.getSilentAfterMs());
        welcomeMs = WELCOME_MS_FIRST;
        beatenMs = nowMs;
        provenMs = Math.max(provenMs, connectedMs);
    }

    /** Whether another heartbeat is due: after half the interval, for one lost wake-up must do no harm. */
    boolean beatDue(long nowMs) {
        return nowMs - beatenMs >= heartbeatMs / 2;
    }

    /** A heartbeat leaves; returns its number. */
    long beat(long nowMs) {
        beatenMs = nowMs;
        number++;
        unanswered.addLast(new Sent(number, nowMs));
        if (unanswered.size() > UNANSWERED_MAX) {
            unanswered.removeFirst();
        }
        return number;
    }

    /** The master has answered all heartbeats up to a number. */
    void answered(long upTo) {
        while (!unanswered.isEmpty()
                && Long.compareUnsigned(unanswered.getFirst().number, upTo) <= 0) {
            provenMs = Math.max(provenMs, unanswered.removeFirst().atMs);
        }
    }

    /** Whether the master has been silent for too long since its Welcome. */
    boolean silent(long nowMs) {
        return silentAfterMs > 0 && nowMs - heardMs >= silentAfterMs;
    }

    /** Whether Register has been without an answer for too long; then the next one may take longer. */
    boolean ignored(long nowMs) {
        if (nowMs - connectedMs < welcomeMs) {
            return false;
        }
        welcomeMs = Math.min(WELCOME_MS_CAP, 2 * welcomeMs);
        return true;
    }

    /** How long nothing has been heard on this connection. */
    long silentMs(long nowMs) {
        return nowMs - heardMs;
    }

    /** How long, at most, no master can have known of this agent. */
    long cutOffMs(long nowMs) {
        return nowMs - provenMs;
    }
}
