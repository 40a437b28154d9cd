package io.springtide.bench.sim;

/**
 * One thing that goes wrong.
 *
 * @param number within its run, by which it is kept or left out
 * @param seed of what it draws for itself
 */
record Fault(int number, FaultKind kind, long atMs, long durationMs, long seed) {

    @Override
    public String toString() {
        return "#" + number + " " + kind.text() + " at " + atMs + " ms for " + durationMs + " ms";
    }
}
