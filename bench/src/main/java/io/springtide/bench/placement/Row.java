package io.springtide.bench.placement;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * One line of the table: an engine on a workload.
 *
 * @param peer whether the engine is what ours are held against
 * @param refusal why the engine did not run; empty if it did
 * @param tried how many tasks it got to before its time was up
 * @param runs how many runs the figures are the median of
 * @param perSecond placements a second; the median
 * @param bytesEach allocated for each placement; below zero if not known
 * @param violations what the check found; empty if the answer is right
 */
record Row(String workload, String about, String engine, boolean peer, String refusal, int tasks,
        int tried, int placed, int runs, double perSecond, double perSecondMin,
        double perSecondMax, int machinesUsed, int skewMax, int doubled, double bytesEach,
        List<String> violations) {

    Row {
        violations = List.copyOf(violations);
    }

    static Row refused(String workload, String about, String engine, boolean peer, int tasks,
            String why) {
        return new Row(workload, about, engine, peer, why, tasks, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1,
                List.of());
    }

    boolean ran() {
        return refusal.isEmpty();
    }

    boolean right() {
        return violations.isEmpty();
    }

    /** The time limit ended it. */
    boolean cut() {
        return ran() && tried < tasks;
    }

    /** What is to be said beside the figures. */
    String note() {
        StringBuilder note = new StringBuilder();
        if (!ran()) {
            note.append(refusal);
        }
        if (cut()) {
            note.append("cut after ").append(tried).append(" tasks");
        }
        if (skewMax > 1) {
            note.append(note.isEmpty() ? "" : "; ").append("zones differ by ").append(skewMax);
        }
        if (doubled > 0) {
            note.append(note.isEmpty() ? "" : "; ").append(doubled).append(" share a machine");
        }
        if (!right()) {
            note.append(note.isEmpty() ? "" : "; ").append("WRONG: ")
                    .append(violations.getFirst());
        }
        return note.toString();
    }

    /** How many times faster than another engine on the same workload, if that got it right. */
    OptionalDouble ratioTo(String other, List<Row> all) {
        return ratio(all.stream().filter(row -> row.engine.equals(other)));
    }

    /** How many times faster than the fastest peer that got the same workload right. */
    OptionalDouble ratioToPeers(List<Row> all) {
        return ratio(all.stream().filter(Row::peer));
    }

    private OptionalDouble ratio(Stream<Row> others) {
        OptionalDouble best = others
                .filter(row -> row.ran() && row.right() && row.workload.equals(workload))
                .mapToDouble(Row::perSecond).filter(rate -> rate > 0).max();
        return best.isPresent()
                ? OptionalDouble.of(perSecond / best.getAsDouble())
                : OptionalDouble.empty();
    }
}
