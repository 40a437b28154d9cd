package io.springtide.master.scaling;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.springtide.api.marathon.ScalingSeries;
import io.springtide.api.marathon.ScalingSeries.Point;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is counted of a series whose points are not a second apart. */
class SimulationTest {

    private static final ScalingPolicy POLICY = new ScalingPolicy(1, 1,
            List.of(new Target(Target.Kind.REQUESTS, 100_000)));

    private static Simulation.Result run(double apart, double... loads) {
        List<Point> points = new ArrayList<>();
        for (double load : loads) {
            points.add(new Point(points.size() * apart, Map.of("requests", load)));
        }
        return Simulation.run(POLICY, new ScalingSeries(MissingNode.getInstance(), points,
                Optional.empty(), OptionalInt.of(1), 2), 1_700_000_000_000L);
    }

    @Test
    void overloadIsCountedInTime() {
        assertThat(run(0.1, 200, 200, 200, 200, 200, 50).overloadSeconds())
                .as("half a second, rounded up").isEqualTo(1);
        assertThat(run(0.5, 200, 200, 200, 200, 50).overloadSeconds()).isEqualTo(2);
        assertThat(run(2.5, 200, 200, 50).overloadSeconds()).isEqualTo(5);
        assertThat(run(1, 200, 200).overloadSeconds()).as("the last one counts a second")
                .isEqualTo(2);
    }

    @Test
    void eachPointIsAMoment() {
        assertThat(run(0.000_1, 1, 2, 3).moments()).hasSize(3);
    }
}
