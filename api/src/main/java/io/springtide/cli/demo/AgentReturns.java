package io.springtide.cli.demo;

import io.springtide.cli.cluster.Child;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The dead agent comes back with instances that were replaced meanwhile: the doubles go, the count is exact. */
final class AgentReturns implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final long SETTLE_MS = 2_000;

    @Override
    public String title() {
        return "start that agent again";
    }

    @Override
    public String run(Stage stage) {
        Map<String, Seen> before = stage.seen();
        List<Long> all = stage.processes();
        int doubles = all.size() - stage.burst();
        stage.narrator().tells(all.size() + " processes exist now: the dead agent's " + doubles
                + " went on without it");
        Child agent = stage.cluster().agent(Lost.NUMBER);
        long startNanos = System.nanoTime();
        stage.revive(agent);
        stage.await(PATIENCE, () -> {
            int left = stage.processes().size();
            stage.narrator().now(left - stage.burst() + " doubles left");
            return left == stage.burst();
        }, () -> "there are " + stage.processes().size() + " processes instead of "
                + stage.burst());
        long tookMs = (System.nanoTime() - startNanos) / 1_000_000;
        Stage.pause(SETTLE_MS);
        new Growth(stage).await(stage.burst(), PATIENCE);
        Set<Long> answering = new HashSet<>();
        stage.greetings().values().forEach(greeting -> answering.add(greeting.pid()));
        Set<Long> existing = new HashSet<>(stage.processes());
        if (!answering.equals(existing) || answering.size() != stage.burst()) {
            throw new DemoException(existing.size() + " processes exist and " + answering.size()
                    + " answer, wanted are "
                    + stage.burst() + " of each");
        }
        if (!stage.seen().keySet().equals(before.keySet())) {
            throw new DemoException("the agent's return has moved instances that ran well");
        }
        return doubles + " doubles gone after " + tookMs + " ms; exactly " + answering.size()
                + " processes, all answer";
    }
}
