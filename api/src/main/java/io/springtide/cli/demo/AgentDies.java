package io.springtide.cli.demo;

import io.springtide.cli.cluster.Child;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An agent is killed; its instances are replaced on the others, and nobody else's are touched. */
final class AgentDies implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Override
    public String title() {
        return "kill -9 an agent";
    }

    @Override
    public String run(Stage stage) {
        String name = Lost.agentOf(stage);
        Map<String, Seen> before = stage.seen();
        Map<String, Seen> lost = new HashMap<>();
        before.forEach((id, task) -> {
            if (task.agent().equals(name)) {
                lost.put(id, task);
            }
        });
        if (lost.isEmpty()) {
            throw new DemoException("agent " + name + " has no instances to lose");
        }
        Child agent = stage.cluster().agent(Lost.NUMBER);
        long startNanos = System.nanoTime();
        stage.kill(agent);
        stage.narrator().tells(name + " is dead with " + lost.size()
                + " instances; it counts as unreachable after 5 s");
        stage.await(PATIENCE, () -> {
            Map<String, Seen> now = stage.running();
            long elsewhere = now.values().stream().filter(task -> !task.agent().equals(name))
                    .count();
            stage.narrator().now(elsewhere + "/" + stage.burst() + " on the other agents");
            return elsewhere == stage.burst() && now.size() == stage.burst();
        }, () -> "the dead agent's instances are not replaced: "
                + stage.running().size() + " of " + stage.burst() + " run");
        Growth growth = new Growth(stage);
        growth.await(stage.burst(), Duration.ofSeconds(10));
        long tookMs = (System.nanoTime() - startNanos) / 1_000_000;
        Map<String, Greeting> survivors = stage.greetings();
        Map<String, Seen> after = stage.seen();
        int untouched = 0;
        for (String id : before.keySet()) {
            if (!lost.containsKey(id) && after.containsKey(id)) {
                untouched++;
            }
        }
        if (untouched != before.size() - lost.size()) {
            throw new DemoException("only " + untouched + " of the " + (before.size() - lost.size())
                    + " instances on other agents were left alone");
        }
        Optional<String> kept = lost.keySet().stream().filter(after::containsKey).findFirst();
        if (kept.isPresent()) {
            throw new DemoException(
                    "task " + kept.get() + " is still said to run on the dead agent");
        }
        return lost.size() + " replaced on other agents and answering after " + tookMs
                + " ms; the other " + untouched
                + " untouched, " + survivors.size() + " answer";
    }
}
