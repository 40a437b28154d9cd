package io.springtide.core.state;

import io.springtide.core.model.AppVersion;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.PartStatus;
import io.springtide.core.model.Readiness;
import java.util.List;

/** One run of one version of an app. Owned by the state; only {@code apply} changes it. */
public final class Instance {

    static final int[] NO_PORTS = {};

    final long number;
    final AppState app;
    final AppVersion version;
    final int agentRow;
    final int[] ports;
    final int gpus;
    final long placedMs;

    Goal goal = Goal.RUNNING;
    Condition seen = Condition.PLACED;
    Health health = Health.UNKNOWN;
    boolean inactive;
    boolean spare;
    long stagedMs;
    long startedMs;
    long seenMs;
    int healthFailures;
    boolean exhausted;
    Readiness readiness = Readiness.NONE;
    CheckResult check = CheckResult.NONE;
    List<PartStatus> parts = List.of();
    long healthMs;
    String ipAddress = "";

    Instance(long number, AppState app, AppVersion version, int agentRow, int[] ports,
            int gpus, long placedMs) {
        this.number = number;
        this.app = app;
        this.version = version;
        this.agentRow = agentRow;
        this.ports = ports;
        this.gpus = gpus;
        this.placedMs = placedMs;
        this.seenMs = placedMs;
    }

    /** Never used twice in a cluster; later instances have higher numbers. */
    public long number() {
        return number;
    }

    public AppState app() {
        return app;
    }

    public AppVersion version() {
        return version;
    }

    public int agentRow() {
        return agentRow;
    }

    public int portCount() {
        return ports.length;
    }

    public int port(int index) {
        return ports[index];
    }

    /** Which of its agent's GPUs it has, one bit each; a part of one if its shape asks for a share. */
    public int gpus() {
        return gpus;
    }

    public Goal goal() {
        return goal;
    }

    /** What its agent said last, whether or not that agent is heard of now. */
    public Condition seen() {
        return seen;
    }

    public Health health() {
        return health;
    }

    /** Its agent is unreachable for so long that it no longer counts towards what is wanted. */
    public boolean inactive() {
        return inactive;
    }

    public long placedMs() {
        return placedMs;
    }

    /** When its agent confirmed it; 0 = not yet. */
    public long stagedMs() {
        return stagedMs;
    }

    /** When it was first seen running; 0 = not yet. */
    public long startedMs() {
        return startedMs;
    }

    /** When {@link #seen} changed last, or it was promoted. */
    public long seenMs() {
        return seenMs;
    }

    public int healthFailures() {
        return healthFailures;
    }

    /** Its health checks have failed more often than the app tolerates. */
    public boolean exhausted() {
        return exhausted;
    }

    /** The newest answer to its readiness check. */
    public Readiness readiness() {
        return readiness;
    }

    /** The newest answer to its app's check; shown, and nothing else. */
    public CheckResult check() {
        return check;
    }

    /** Its containers, if it has several, as last reported. */
    public List<PartStatus> parts() {
        return parts;
    }

    /** When its health was last reported; 0 = not yet. */
    public long healthMs() {
        return healthMs;
    }

    /** The container's own address, or empty where it shares its agent's. */
    public String ipAddress() {
        return ipAddress;
    }

    /** It is kept frozen for a flood, and counts towards nothing until it is promoted. */
    public boolean standby() {
        return goal == Goal.STANDBY;
    }

    /** It was started as a standby and never promoted: nobody misses it, even while it ends. */
    public boolean spare() {
        return spare;
    }

    /** It is to stay where it is, to serve or as a standby. */
    public boolean stays() {
        return goal != Goal.DECOMMISSIONED && !inactive;
    }

    /** It counts towards what is wanted. */
    public boolean active() {
        return goal == Goal.RUNNING && !inactive;
    }
}
