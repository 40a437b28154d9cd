package io.springtide.agent.engine;

/**
 * How fast instances are started on this machine. Kills and thaws are not limited.
 *
 * @param perSecond starts a second, in the long run
 * @param burst starts at once after a quiet time
 * @param coldMax starts under way at a time: handed to a runtime and not running yet
 */
public record StartLimits(int perSecond, int burst, int coldMax) {

    private static final int PER_SECOND_AND_CPU = 50;
    private static final int BURST_MIN = 100;
    private static final int COLD_MIN = 16;
    private static final int COLD_PER_CPU = 8;

    /** Nothing waits; for tests. */
    public static final StartLimits NONE = new StartLimits(1_000_000, 1_000_000, 1_000_000);

    public StartLimits {
        if (perSecond < 1 || burst < 1 || coldMax < 1) {
            throw new IllegalArgumentException("at least one start must be possible");
        }
    }

    /** What a machine with so many processors bears: more than Docker, less than a bare fork can do. */
    public static StartLimits of(int cpus) {
        return new StartLimits(PER_SECOND_AND_CPU * cpus,
                Math.max(BURST_MIN, PER_SECOND_AND_CPU * cpus),
                Math.max(COLD_MIN, COLD_PER_CPU * cpus));
    }
}
