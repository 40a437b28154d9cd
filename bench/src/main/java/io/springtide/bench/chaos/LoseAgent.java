package io.springtide.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An agent is lost and stays away until all its instances are replaced. Its tasks run on, so there are
 * doubles until it comes back; then there must be exactly as many as wanted.
 */
final class LoseAgent implements Scenario {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final boolean onIsland;

    private LoseAgent(String name, boolean onIsland) {
        this.name = name;
        this.onIsland = onIsland;
    }

    /** The busiest one's process is killed. */
    static Scenario byKill() {
        return new LoseAgent("kill-agent", false);
    }

    /** The cable to one in a network of its own is pulled, so that nobody is told. */
    static Scenario byCable() {
        return new LoseAgent("unplug-agent", true);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean needsIsland() {
        return onIsland;
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> silentMs = new ArrayList<>();
        List<Double> placedMs = new ArrayList<>();
        List<Double> runningMs = new ArrayList<>();
        List<Double> backMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int agent = onIsland ? ChaosCluster.ISLANDER : busiest(trial);
            String lost = ChaosCluster.agentName(agent);
            Set<String> gone = on(tasks(trial), lost);
            Set<String> stay = ids(tasks(trial));
            stay.removeAll(gone);
            trial.watcher().expectDoubles(true);
            long killedNs = System.nanoTime();
            lose(trial, agent);
            Pause.until(lost + " to be unreachable", PATIENCE, () -> unreachable(trial, lost));
            silentMs.add(Pause.msSince(killedNs));
            Pause.until("replacements to be placed", PATIENCE,
                    () -> replacements(trial, stay, gone, false) == gone.size());
            placedMs.add(Pause.msSince(killedNs));
            Pause.until("replacements to run", PATIENCE,
                    () -> replacements(trial, stay, gone, true) == gone.size());
            runningMs.add(Pause.msSince(killedNs));
            trial.check(ids(tasks(trial)).containsAll(stay),
                    "instances of other agents than the lost one are gone, too: " + stay
                            + " before, " + ids(tasks(trial)) + " now");
            long startedNs = System.nanoTime();
            bringBack(trial, agent);
            trial.settle();
            backMs.add(Pause.msSince(startedNs));
            trial.watcher().expectDoubles(false);
            trial.say(String.format("  round %d: %s with %d instances lost; silent after %.0f ms,"
                    + " replacements placed after %.0f ms, running after %.0f ms; counts exact"
                    + " %.0f ms after its return", round, lost, gone.size(), silentMs.getLast(),
                    placedMs.getLast(), runningMs.getLast(), backMs.getLast()));
        }
        return List.of(new Distribution(name + ": to its being unreachable", silentMs),
                new Distribution(name + ": to replacements placed", placedMs),
                new Distribution(name + ": to replacements running", runningMs),
                new Distribution(name + ": from its return to exact counts", backMs));
    }

    private void lose(Trial trial, int agent) {
        if (onIsland) {
            trial.cluster().island().unplug();
        } else {
            trial.cluster().agent(agent).kill();
        }
    }

    private void bringBack(Trial trial, int agent) {
        if (onIsland) {
            trial.cluster().island().plug();
        } else {
            trial.cluster().agent(agent).start();
        }
    }

    private static int busiest(Trial trial) {
        List<JsonNode> tasks = tasks(trial);
        int busiest = 0;
        for (int agent = 1; agent < trial.cluster().agentCount(); agent++) {
            if (on(tasks, ChaosCluster.agentName(agent))
                    .size() > on(tasks, ChaosCluster.agentName(busiest)).size()) {
                busiest = agent;
            }
        }
        return busiest;
    }

    private static boolean unreachable(Trial trial, String name) {
        JsonNode agents = trial.api().get(trial.awaitLeader(), "/tide/v1/agents").body()
                .path("agents");
        for (JsonNode agent : agents) {
            if (agent.path("id").asText().equals(name)) {
                return agent.path("state").asText().equals("unreachable");
            }
        }
        return false;
    }

    private static List<JsonNode> tasks(Trial trial) {
        List<JsonNode> tasks = new ArrayList<>();
        trial.api().get(trial.awaitLeader(), "/v2/apps" + Trial.STEADY + "?embed=app.tasks")
                .body().path("app").path("tasks").forEach(tasks::add);
        return tasks;
    }

    private static Set<String> ids(List<JsonNode> tasks) {
        Set<String> ids = new HashSet<>();
        tasks.forEach(task -> ids.add(task.path("id").asText()));
        return ids;
    }

    private static Set<String> on(List<JsonNode> tasks, String agent) {
        return ids(tasks.stream().filter(task -> task.path("slaveId").asText().equals(agent))
                .toList());
    }

    /** How many tasks there are that there were not before. */
    private static long replacements(Trial trial, Set<String> stay, Set<String> gone,
            boolean running) {
        return tasks(trial).stream()
                .filter(task -> !stay.contains(task.path("id").asText())
                        && !gone.contains(task.path("id").asText())
                        && (!running || task.path("state").asText().equals("TASK_RUNNING")))
                .count();
    }
}
