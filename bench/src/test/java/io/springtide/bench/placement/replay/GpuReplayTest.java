package io.springtide.bench.placement.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The format, the protocol and the placers, on a made-up cluster. */
class GpuReplayTest {

    private static final List<String> NODES = List.of("sn,cpu_milli,memory_mib,gpu,model",
            "n0,8000,16384,2,A", "n1,8000,16384,0,");

    private final GpuTrace synthetic = SyntheticTrace.trace();

    @Test
    void readsBothShapesOfPodTables() {
        GpuTrace trace = TraceReader.read("w", NODES, List.of(
                "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase",
                "p0,1000,1024,1,460,A|B,LS,Running", "p1,1000,1024,2,1000,,BE,Running",
                "p2,1000,1024,0,0,A,BE,Running"));
        assertThat(trace.models()).containsExactly("A", "B");
        assertThat(trace.kinds()).containsExactly(new GpuDemand(1_000, 1_024, 0, 460, 0b11),
                new GpuDemand(1_000, 1_024, 2, 0, GpuDemand.ANY_MODEL),
                new GpuDemand(1_000, 1_024, 0, 0, GpuDemand.ANY_MODEL));
        assertThat(trace.gpuMilliTotal()).isEqualTo(2_000);
        GpuTrace narrow = TraceReader.read("w", NODES,
                List.of("name,cpu_milli,memory_mib,num_gpu,gpu_milli", "p0,1,2,1,1000",
                        "p1,1,2,1,1000"));
        assertThat(narrow.kinds()).hasSize(1);
        assertThat(narrow.podKinds()).containsExactly(0, 0);
    }

    @Test
    void saysWhichLineItCannotRead() {
        assertThatThrownBy(() -> TraceReader.read("w", NODES, List.of("heading", "p0,1,2")))
                .hasMessageContaining("line 2 of the pods of w");
        assertThatThrownBy(
                () -> TraceReader.read("w", NODES, List.of("heading", "p0,1,2,2,500")))
                .hasMessageContaining("p0");
    }

    @Test
    void arrivalsAskForThirtyPercentTooMuch() {
        int[] arrivals = Arrivals.of(synthetic, 42);
        long asked = Arrays.stream(arrivals)
                .mapToLong(kind -> synthetic.kinds().get(kind).gpuMilli()).sum();
        assertThat(asked).isBetween(synthetic.gpuMilliTotal() * 13 / 10,
                synthetic.gpuMilliTotal() * 13 / 10 + 8_000);
        assertThat(Arrivals.of(synthetic, 42)).isEqualTo(arrivals);
        assertThat(Arrivals.of(synthetic, 43)).isNotEqualTo(arrivals);
    }

    @Test
    void leavesPodsOutIfTheTraceAsksForMore() {
        GpuTrace trace = TraceReader.read("w", NODES, List.of("heading", "p0,1,2,1,1000",
                "p1,1,2,1,1000", "p2,1,2,1,1000", "p3,1,2,1,1000", "p4,1,2,1,1000"));
        assertThat(Arrivals.of(trace, 42)).hasSize(3);
    }

    @Test
    void theClusterRefusesWhatAPlacerMayNotDo() {
        GpuTrace trace = TraceReader.read("w", NODES,
                List.of("heading", "p0,1000,1024,1,600", "p1,1000,1024,1,1000"));
        GpuDemand share = trace.kinds().getFirst();
        GpuCluster cluster = new GpuCluster(trace);
        cluster.take(share, 0, 0b01);
        for (int chosen : new int[]{0b01, 0b11, 0b100, 0}) {
            GpuCluster copy = new GpuCluster(trace);
            copy.take(share, 0, 0b01);
            assertThatThrownBy(() -> copy.take(share, 0, chosen)).as("devices " + chosen)
                    .hasMessageContaining("does not fit");
        }
        assertThatThrownBy(() -> cluster.take(share, 1, 0b01)).hasMessageContaining("n1");
    }

    /** The tournaments answer as one who looks at every machine every time. */
    @Test
    void tournamentsChooseTheLowestScore() {
        GpuCluster cluster = new GpuCluster(synthetic);
        GpuPlacer placer = new CorePlacer(synthetic);
        GpuFragmentation scorer = new GpuFragmentation(synthetic.mix());
        int placed = 0;
        for (int kind : Arrivals.of(synthetic, 7)) {
            GpuDemand demand = synthetic.kinds().get(kind);
            int best = GpuPlacer.NONE;
            long bestScore = Integer.toUnsignedLong(
                    GpuFragmentation.score(GpuFragmentation.NO_FIT));
            for (int row = 0; row < cluster.rows(); row++) {
                long score = Integer.toUnsignedLong(
                        GpuFragmentation.score(cluster.best(scorer, demand, row)));
                if (score < bestScore) {
                    best = row;
                    bestScore = score;
                }
            }
            assertThat(placer.place(kind)).isEqualTo(best);
            if (best != GpuPlacer.NONE) {
                cluster.take(demand, best, placer.devices());
                placed++;
            }
        }
        assertThat(placed).isGreaterThan(200);
    }

    @Test
    void oursGivesOutMoreThanTheReferences() {
        ReplayReport.Workload result = GpuReplay.replay(synthetic, 5);
        double random = result.mean(Policy.RANDOM).at(130).allocatedPercent();
        double bestFit = result.mean(Policy.BEST_FIT).at(130).allocatedPercent();
        double ours = result.mean(Policy.FRAGMENTATION).at(130).allocatedPercent();
        assertThat(bestFit).isGreaterThan(random);
        assertThat(ours).isGreaterThan(bestFit);
    }

    @Test
    void theSeriesOnlyGrow() {
        for (Policy policy : Policy.values()) {
            ReplayRun run = ReplayRun.of(synthetic, 42,
                    (trace, cluster) -> policy.placer(trace, cluster, 42));
            assertThat(run.points()).hasSize(131);
            assertThat(run.points()).extracting(ReplayRun.Point::allocatedPercent).isSorted();
            assertThat(run.points()).extracting(ReplayRun.Point::agentsUsed).isSorted();
            assertThat(run.points()).extracting(ReplayRun.Point::pending).isSorted();
            assertThat(run.at(0).allocatedPercent()).isZero();
            assertThat(run.points()).allSatisfy(point -> assertThat(point.fragmentedPercent())
                    .isBetween(0.0, 100.001 - point.allocatedPercent()));
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (Policy policy : Policy.values()) {
            assertThat(ReplayRun.of(synthetic, 5, (trace, cluster) -> policy.placer(trace, cluster,
                    5)).points()).isEqualTo(ReplayRun.of(synthetic, 5,
                            (trace, cluster) -> policy.placer(trace, cluster, 5)).points());
        }
    }

    @Test
    void publishedFiguresStandBesideOurs() throws IOException {
        PublishedResults published = PublishedResults.parse(
                List.of("workload,policy,runs,at100,sd,at130,sd,frag",
                        "synthetic,06-FGD,10,90.5,0.1,91.5,0.1,4.5"));
        assertThat(published.knows("synthetic")).isTrue();
        assertThat(published.knows("synth")).isFalse();
        JsonNode json = new ObjectMapper().readTree(ReplayReport.json(
                List.of(GpuReplay.replay(synthetic, 1)), published));
        JsonNode ours = json.at("/workloads/0/policies/2");
        assertThat(ours.at("/policy").asText()).isEqualTo("FRAGMENTATION");
        assertThat(ours.at("/published/allocatedPercentAt130").asDouble()).isEqualTo(91.5);
        assertThat(ours.at("/series/allocatedPercent")).hasSize(131);
        assertThat(ours.at("/series/arrivedPercent/130").asInt()).isEqualTo(130);
        assertThat(json.at("/workloads/0/policies/0/published").isMissingNode()).isTrue();
    }
}
