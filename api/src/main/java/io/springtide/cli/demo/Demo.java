package io.springtide.cli.demo;

import io.springtide.api.client.TideException;
import io.springtide.cli.cluster.ClusterException;
import io.springtide.cli.cluster.LocalCluster;
import io.springtide.cli.cluster.LocalSettings;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The steps in their order. Run once; closing ends the cluster at any time, from any thread. */
public final class Demo implements AutoCloseable {
    private final LocalCluster cluster;
    private final Narrator narrator;
    private final Stage stage;
    private final List<Step> steps;
    private final List<StepResult> results = new CopyOnWriteArrayList<>();

    /** The flood has {@code burst} instances. */
    public Demo(LocalSettings settings, int burst, Narrator narrator) {
        this.narrator = narrator;
        this.cluster = new LocalCluster(settings, narrator::tells);
        this.stage = new Stage(cluster, narrator, burst);
        this.steps = List.of(new StartCluster(), new RunApp(), new Burst(burst), new MasterDies(),
                new AgentDies(),
                new AgentReturns(), new CleanUp());
    }

    /** Runs the steps. @throws DemoException at the first that does not hold */
    public void run() {
        int number = 0;
        for (Step step : steps) {
            number++;
            narrator.begins(number, steps.size(), step.title());
            long startNanos = System.nanoTime();
            try {
                String seen = step.run(stage);
                results.add(new StepResult(step.title(), true, sinceMs(startNanos), seen));
                narrator.tells(seen);
            } catch (DemoException | ClusterException | TideException failed) {
                String reason = step.title() + ": " + failed.getMessage();
                results.add(new StepResult(step.title(), false, sinceMs(startNanos),
                        firstLine(String.valueOf(failed.getMessage()))));
                throw new DemoException(reason, failed);
            }
        }
    }

    /** What has happened so far. */
    public List<StepResult> results() {
        return List.copyOf(results);
    }

    @Override
    public void close() {
        cluster.stop();
    }

    private static long sinceMs(long startNanos) {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
