package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.FilledCluster;
import io.springtide.core.placement.Forecast;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.ClusterState;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * "Without these agents, what would not fit?", asked of five thousand agents in two sites that hold fifty
 * thousand instances of ten apps: without one agent, and without a whole site. A score is milliseconds
 * an answer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class WhatIfBenchmark {

    private static final int AGENTS = 5_000;
    private static final int INSTANCES = 50_000;

    @Param({"AGENT", "SITE"})
    public String lost = "SITE";

    private ClusterState state = new ClusterState();

    /** All instances are placed. */
    @Setup
    public void fill() {
        FilledCluster cluster = new FilledCluster(AGENTS, INSTANCES);
        cluster.fill();
        cluster.requireFull();
        state = cluster.state();
    }

    @Benchmark
    public Forecast.Outage without() {
        boolean all = lost.equals("SITE");
        return Forecast.without(state, PlacementSettings.DEFAULT,
                row -> all ? state.agents().site(row) == 0 : row == 0);
    }
}
