package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.Outcome;
import io.springtide.bench.placement.engine.PlacerQueue;
import io.springtide.bench.placement.work.Workloads;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A shuffled queue of three shapes: what the placer alone does in one round, one
 * call for each change of shape. A score is the time of one placement. What it allocates, by
 * {@code tide bench jmh MixedBenchmark -prof gc}: {@code gc.alloc.rate.norm} is bytes a placement.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class MixedBenchmark {

    private static final int TASKS = 10_000;
    private static final long SEED = 1;

    /** The tasks stay the same, so that only the number of candidates differs. */
    @Param({"1000", "5000"})
    public int machines = 1_000;

    private PlacerQueue queue = new PlacerQueue(new Workloads(SEED).mixed(1, 0));

    /** One for all rounds, since a round leaves it as it is. */
    @Setup(Level.Trial)
    public void generate() {
        queue = new PlacerQueue(new Workloads(SEED).mixed(machines, TASKS));
    }

    @Benchmark
    @OperationsPerInvocation(TASKS)
    public Outcome placeQueue() {
        return queue.place(Long.MAX_VALUE);
    }
}
