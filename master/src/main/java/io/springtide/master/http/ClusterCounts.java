package io.springtide.master.http;

import io.springtide.core.decide.DeploymentProgress;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** The cluster in numbers, counted in one pass over the state. */
final class ClusterCounts {

    /** What the agents of a site in one condition amount to. */
    static final class Site {
        final Map<AgentCondition, Integer> agents = new EnumMap<>(AgentCondition.class);
        final double[] capacity = new double[4];
        final double[] reserved = new double[4];
    }

    /** In the order of {@link Site#capacity}. */
    static final String[] RESOURCES = {"cpus", "mem", "disk", "gpus"};

    final Map<Condition, Integer> instances = new EnumMap<>(Condition.class);
    final Map<AgentCondition, Integer> agents = new EnumMap<>(AgentCondition.class);
    final Map<String, Site> sites = new TreeMap<>();
    final Map<String, Integer> pending = new TreeMap<>();
    long pendingMsMax;
    int apps;
    final Map<DeploymentProgress.State, Integer> deployments = new EnumMap<>(
            DeploymentProgress.State.class);
    /** Since when health checks fail nearly everywhere; 0 = they do not. */
    long healthStormMs;
    int healthFailing;
    int healthChecked;
    int desired;
    int missing;
    int excess;

    private ClusterCounts() {}

    static ClusterCounts of(ClusterState state, long nowMs) {
        ClusterCounts counts = new ClusterCounts();
        for (Deployment deployment : state.deployments()) {
            counts.deployments.merge(DeploymentProgress.of(state, deployment, nowMs).state(), 1,
                    Integer::sum);
        }
        counts.healthStormMs = state.healthStormMs();
        counts.healthFailing = state.healthFailing();
        counts.healthChecked = state.healthChecked();
        for (AppState app : state.apps().values()) {
            counts.add(state, app, nowMs);
        }
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                counts.add(agents, row);
            }
        }
        return counts;
    }

    int running() {
        return instances.getOrDefault(Condition.RUNNING, 0);
    }

    private void add(ClusterState state, AppState app, long nowMs) {
        apps += app.leaving() ? 0 : 1;
        desired += app.wanted();
        int running = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Condition condition = state.conditionOf(app.instances().get(i));
            instances.merge(condition, 1, Integer::sum);
            running += condition == Condition.RUNNING ? 1 : 0;
        }
        missing += Math.max(0, app.wanted() - running);
        excess += Math.max(0, running - app.wanted());
        Waiting waiting = Waiting.of(app);
        if (waiting.count() > 0) {
            pending.merge(reason(waiting, nowMs), waiting.count(), Integer::sum);
            if (waiting.sinceMs() > 0) {
                pendingMsMax = Math.max(pendingMsMax, nowMs - waiting.sinceMs());
            }
        }
    }

    /** Why an app waits, in one word: the veto of most agents. */
    static String reason(Waiting waiting, long nowMs) {
        if (waiting.secondsLeft(nowMs) > 0) {
            return "backoff";
        }
        if (waiting.rejections().agents() == 0) {
            return "none";
        }
        Rejection most = Rejection.AGENT_SILENT;
        for (Rejection one : Rejection.values()) {
            if (waiting.rejections().count(one) > waiting.rejections().count(most)) {
                most = one;
            }
        }
        return word(most);
    }

    static String word(Rejection rejection) {
        return switch (rejection) {
            case AGENT_SILENT -> "agent_silent";
            case RUNTIME -> "runtime";
            case CPUS -> "cpus";
            case MEMORY -> "mem";
            case DISK -> "disk";
            case GPUS -> "gpus";
            case PORTS -> "ports";
            case ROLE -> "role";
            case CONSTRAINT -> "constraint";
            case AFFINITY -> "affinity";
            case SLACK -> "slack";
            case HELD -> "held";
            case QUOTA -> "quota";
            case CORDONED -> "cordoned";
        };
    }

    static String word(AgentCondition condition) {
        return switch (condition) {
            case LIVE -> "live";
            case SUSPECT -> "suspect";
            case UNREACHABLE -> "unreachable";
        };
    }

    private void add(AgentTable table, int row) {
        AgentSpec spec = table.spec(row);
        agents.merge(table.condition(row), 1, Integer::sum);
        Site site = sites.computeIfAbsent(spec.site(), unused -> new Site());
        site.agents.merge(table.condition(row), 1, Integer::sum);
        Resources total = spec.resources();
        double[] capacity = {total.cpusMilli() / 1_000.0, total.memMib(), total.diskMib(),
                total.gpus()};
        double[] free = {table.cpusFreeMilli()[row] / 1_000.0, table.memFreeMib()[row],
                table.diskFreeMib()[row], table.gpusFree()[row]};
        for (int i = 0; i < capacity.length; i++) {
            site.capacity[i] += capacity[i];
            site.reserved[i] += capacity[i] - free[i];
        }
    }
}
