package io.springtide.bench.placement;

import io.springtide.bench.placement.engine.SpringtidePlacer;
import io.springtide.bench.placement.work.Workload;
import io.springtide.bench.placement.work.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one placement costs as the number of machines grows: a burst of one app, and a mixed queue. */
record Scaling(List<Point> points) {

    /** Up to ten times what one cluster is meant for. */
    static final List<Integer> SIZES = List.of(1_000, 5_000, 10_000, 50_000);

    private static final int BURST_EACH = 2;
    private static final int MIXED_EACH = 10;

    /** Nanoseconds a placement at a number of machines. */
    record Point(String workload, int machines, Row row) {

        double nanosEach() {
            return 1e9 / row.perSecond();
        }
    }

    Scaling {
        points = List.copyOf(points);
    }

    static Scaling measure(Workloads workloads, List<Integer> sizes, Measurement measurement,
            Consumer<String> progress) {
        List<Point> points = new ArrayList<>();
        for (int size : sizes) {
            points.add(point("burst", workloads.burst(size, BURST_EACH * size), measurement,
                    progress));
            points.add(point("mixed", workloads.mixed(size, MIXED_EACH * size), measurement,
                    progress));
        }
        return new Scaling(points);
    }

    private static Point point(String name, Workload work, Measurement measurement,
            Consumer<String> progress) {
        int machines = work.machines().size();
        progress.accept("scaling: " + name + " on " + machines + " machines");
        return new Point(name, machines, measurement.of(new SpringtidePlacer(), work));
    }

    List<Point> of(String workload) {
        return points.stream().filter(point -> point.workload.equals(workload)).toList();
    }
}
