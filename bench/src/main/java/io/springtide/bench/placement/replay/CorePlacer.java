package io.springtide.bench.placement.replay;

import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.placement.gpu.GpuDemand;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Ours: the placement that the master uses, with the scorer against GPU fragmentation. The kinds of
 * pods are apps, wanted as often as they occur in the trace: that is the mix the scorer goes by.
 */
final class CorePlacer implements GpuPlacer {

    private static final String MODEL = "gpu_model";

    private final List<Shape> shapes = new ArrayList<>();
    private final PlacementRound round;
    private int devices;

    CorePlacer(GpuTrace trace) {
        ClusterState state = new ClusterState();
        for (int row = 0; row < trace.nodes().size(); row++) {
            GpuTrace.Node node = trace.nodes().get(row);
            TreeMap<String, String> attributes = new TreeMap<>();
            if (node.gpus() > 0) {
                attributes.put(MODEL, trace.models().get(node.model()));
            }
            Specs.register(state, row, node.name(), attributes,
                    new Resources(node.cpusMilli(), node.memMib(), 0, node.gpus()));
        }
        int[] wanted = new int[trace.kinds().size()];
        trace.podKinds().forEach(kind -> wanted[kind]++);
        for (int kind = 0; kind < wanted.length; kind++) {
            Shape shape = shape(trace, trace.kinds().get(kind));
            shapes.add(shape);
            Specs.app(state, "/kind-" + kind, wanted[kind], shape);
        }
        this.round = new PlacementRound(state);
    }

    @Override
    public int place(int kind) {
        PlacementRound.Choice choice = round.place(shapes.get(kind), 1);
        if (choice.agentRows().length == 0) {
            return NONE;
        }
        devices = choice.gpus().length == 0 ? 0 : choice.gpus()[0];
        return choice.agentRows()[0];
    }

    @Override
    public int devices() {
        return devices;
    }

    private static Shape shape(GpuTrace trace, GpuDemand demand) {
        Shape plain = new Shape(
                new Resources(demand.cpusMilli(), demand.memMib(), 0, demand.gpus(),
                        demand.gpuShareMilli()),
                List.of(), RuntimeKind.DOCKER, PlacementPolicy.GPU_FRAGMENTATION);
        if (demand.modelsAllowed() == GpuDemand.ANY_MODEL || demand.gpuMilli() == 0) {
            return plain;
        }
        StringJoiner models = new StringJoiner("|");
        for (int model = 0; model < trace.models().size(); model++) {
            if (demand.allows(model)) {
                models.add(trace.models().get(model));
            }
        }
        return plain.withRules(Rules.NONE.withConstraints(
                new Constraint(MODEL, Constraint.Operator.LIKE, models.toString())));
    }
}
