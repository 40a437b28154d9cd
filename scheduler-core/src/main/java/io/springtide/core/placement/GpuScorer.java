package io.springtide.core.placement;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.placement.gpu.GpuFragmentation;
import io.springtide.core.placement.gpu.GpuMix;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps GPUs usable for what is commonly asked of them: the mix of all apps as they are wanted. Agents
 * name the model of their GPUs in an attribute; apps ask for models by constraints on it.
 */
final class GpuScorer implements Scorer {

    static final String NAME = "gpu-fragmentation";

    /** The attribute that names the model of an agent's GPUs. */
    static final String MODEL = "gpu_model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scorer forRound(ClusterState state) {
        return new Round(state);
    }

    @Override
    public long score(Offer offer, Shape shape) {
        throw new IllegalStateException("prepare the scorer for a round first");
    }

    /** The models and the mix of one round. */
    private static final class Round implements Scorer {

        private final Column models;
        private final int[] modelOf;
        private final GpuFragmentation measure;

        Round(ClusterState state) {
            AgentTable agents = state.agents();
            this.models = new Column(agents.rows());
            this.modelOf = new int[agents.rows()];
            long[] gpusByModel = new long[GpuDemand.MODELS_MAX];
            for (int row = 0; row < agents.rows(); row++) {
                if (agents.present(row)) {
                    models.put(row, agents.spec(row).field(MODEL).orElse(""));
                    // Models beyond the last that can be told apart count as one.
                    modelOf[row] = Math.min(models.code(row), GpuDemand.MODELS_MAX - 1);
                    gpusByModel[modelOf[row]] += agents.spec(row).resources().gpus();
                }
            }
            List<GpuMix.Seen> seen = new ArrayList<>();
            for (AppState app : state.apps().values()) {
                if (app.wanted() > 0) {
                    seen.add(new GpuMix.Seen(demand(app.current().spec().shape()),
                            Math.min(app.wanted(), GpuMix.Seen.INSTANCES_MAX)));
                }
            }
            this.measure = new GpuFragmentation(GpuMix.of(seen, gpusByModel));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Scorer forShape(Shape shape) {
            return new Kind(measure, demand(shape), modelOf);
        }

        @Override
        public long score(Offer offer, Shape shape) {
            return forShape(shape).score(offer, shape);
        }

        private GpuDemand demand(Shape shape) {
            Resources need = shape.resources();
            return new GpuDemand(Math.min(need.cpusMilli(), GpuDemand.AMOUNT_MAX),
                    Math.min(need.memMib(), GpuDemand.AMOUNT_MAX),
                    Math.min(need.gpus(), GpuDemand.DEVICES_MAX), need.gpuShareMilli(),
                    models(shape));
        }

        private long models(Shape shape) {
            long allowed = GpuDemand.ANY_MODEL;
            for (Constraint rule : shape.rules().constraints()) {
                if (rule.fixed() && rule.field().equals(MODEL)) {
                    long matching = 0;
                    for (int code = models.matches(rule).nextSetBit(0); code >= 0; code = models
                            .matches(rule).nextSetBit(code + 1)) {
                        matching |= 1L << Math.min(code, GpuDemand.MODELS_MAX - 1);
                    }
                    allowed &= matching;
                }
            }
            // Nothing fits: what it would insist on does not matter.
            return allowed == 0 ? GpuDemand.ANY_MODEL : allowed;
        }
    }

    /** One kind of instance. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one round, never compared
    private record Kind(GpuFragmentation measure, GpuDemand demand, int[] modelOf)
            implements
                Scorer {

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public long score(Offer offer, Shape shape) {
            long answer = best(offer);
            return answer == GpuFragmentation.NO_FIT
                    ? SCORE_MAX
                    : Integer.toUnsignedLong(GpuFragmentation.score(answer));
        }

        @Override
        public int gpus(Offer offer, Shape shape) {
            return GpuFragmentation.devices(best(offer));
        }

        private long best(Offer offer) {
            return measure.best(demand, offer.cpusFreeMilli(), offer.memFreeMib(),
                    modelOf[offer.row()], offer.gpuFreeMilli(), offer.gpuBase(),
                    Math.min(offer.gpus(), AgentSpec.GPUS_MAX));
        }
    }
}
