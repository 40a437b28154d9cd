package io.springtide.agent.checkpoint;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A launched instance as remembered.
 *
 * @param ready its readiness check has said yes
 * @param alive its health checks were content when they were heard last
 * @param warmth whether it is a standby, and how far it has come
 * @param waitingGpus present while the runtime has not heard of it: which GPUs it is to get, one bit each
 */
public record Held(long instanceId, String specDigest, List<Integer> hostPorts,
        OptionalLong killGraceMs, boolean ready, boolean alive, boolean ended, Warmth warmth,
        OptionalInt waitingGpus) {

    /** Where an instance stands between cold and serving. */
    public enum Warmth {
        /** Serves as soon as it runs; was never frozen. */
        ORDINARY,
        /** A standby that is still becoming ready. */
        WARMING,
        /** A standby that is frozen, or is about to be. */
        FROZEN,
        /** Was frozen once, and is to serve. */
        THAWED
    }

    static Held launched(long instanceId, String specDigest, List<Integer> hostPorts) {
        return new Held(instanceId, specDigest, hostPorts, OptionalLong.empty(), false, false,
                false, Warmth.ORDINARY, OptionalInt.empty());
    }

    /** Whether it is not to serve: it is becoming ready for that, or is frozen. */
    public boolean standby() {
        return warmth == Warmth.WARMING || warmth == Warmth.FROZEN;
    }

    /** Whether the runtime has not heard of it. */
    public boolean waiting() {
        return waitingGpus.isPresent();
    }

    Held becomingReady() {
        return new Held(instanceId, specDigest, hostPorts, killGraceMs, true, alive, ended, warmth,
                waitingGpus);
    }

    Held becoming(boolean aliveNow) {
        return new Held(instanceId, specDigest, hostPorts, killGraceMs, ready, aliveNow, ended,
                warmth, waitingGpus);
    }

    Held toKill(long graceMs) {
        return new Held(instanceId, specDigest, hostPorts, OptionalLong.of(graceMs), ready, alive,
                ended, warmth, waitingGpus);
    }

    Held ending() {
        return new Held(instanceId, specDigest, hostPorts, killGraceMs, ready, alive, true, warmth,
                waitingGpus);
    }

    Held becoming(Warmth now) {
        return new Held(instanceId, specDigest, hostPorts, killGraceMs, ready, alive, ended, now,
                waitingGpus);
    }

    /** One that was never frozen is from now on as if it had been no standby. */
    Held thawed() {
        return switch (warmth) {
            case ORDINARY, THAWED -> this;
            case WARMING -> becoming(Warmth.ORDINARY);
            case FROZEN -> new Held(instanceId, specDigest, hostPorts, killGraceMs, false, false,
                    ended, Warmth.THAWED, waitingGpus);
        };
    }

    Held waiting(OptionalInt gpus) {
        return new Held(instanceId, specDigest, hostPorts, killGraceMs, ready, alive, ended, warmth,
                gpus);
    }
}
