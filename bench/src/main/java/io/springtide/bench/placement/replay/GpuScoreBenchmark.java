package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One score of one half-full machine for one kind of pod, as the placer asks for it after every
 * change. Runs with {@code java -cp 'bench/target/classes:bench/target/lib/*' org.openjdk.jmh.Main
 * GpuScoreBenchmark -prof gc}; the profiler shows that a candidate allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class GpuScoreBenchmark {

    private static final int SEED = 42;

    private final GpuTrace trace = SyntheticTrace.trace();
    private GpuCluster cluster = new GpuCluster(trace);
    private GpuFragmentation scorer = new GpuFragmentation(trace.mix());
    private int row;
    private int kind;

    /** Gives out about half of the devices. */
    @Setup(Level.Trial)
    public void fill() {
        cluster = new GpuCluster(trace);
        scorer = new GpuFragmentation(trace.mix());
        GpuPlacer placer = new RandomPlacer(trace, cluster, SEED);
        for (int next : Arrivals.of(trace, SEED)) {
            int chosen = placer.place(next);
            if (chosen != GpuPlacer.NONE) {
                cluster.take(trace.kinds().get(next), chosen, placer.devices());
            }
            if (cluster.gpuMilliTaken() * 2 > cluster.gpuMilliTotal()) {
                return;
            }
        }
    }

    @Benchmark
    public long score() {
        row = row + 1 < cluster.rows() ? row + 1 : 0;
        kind = row > 0 ? kind : (kind + 1) % trace.kinds().size();
        GpuDemand demand = trace.kinds().get(kind);
        return cluster.best(scorer, demand, row);
    }
}
