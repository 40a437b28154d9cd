package io.springtide.master.http;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.Readiness;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;

/** An instance as it was at one moment, free of the state it was read from. */
record TaskView(long number, AppVersion version, AgentSpec agent, Condition condition, Goal goal,
        Health health, int healthFailures, long healthMs, long stagedMs, long startedMs,
        List<Integer> ports, String ipAddress, Readiness readiness, CheckResult check) {

    static TaskView of(ClusterState state, Instance instance) {
        List<Integer> ports = new ArrayList<>(instance.portCount());
        for (int i = 0; i < instance.portCount(); i++) {
            ports.add(instance.port(i));
        }
        return new TaskView(instance.number(), instance.version(),
                state.agents().spec(instance.agentRow()), state.conditionOf(instance),
                instance.goal(),
                instance.health(), instance.healthFailures(), instance.healthMs(),
                instance.stagedMs() == 0 ? instance.placedMs() : instance.stagedMs(),
                instance.startedMs(), ports, instance.ipAddress(), instance.readiness(),
                instance.check());
    }

    String appPath() {
        return version.spec().id().path();
    }

    /** Pods have containers of their own, which are not listed as tasks. */
    boolean ofPod() {
        return PodJson.isPod(version);
    }

    boolean healthChecked() {
        return version.spec().healthChecked();
    }
}
