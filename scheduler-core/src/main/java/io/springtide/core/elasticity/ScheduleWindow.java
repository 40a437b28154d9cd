package io.springtide.core.elasticity;

/**
 * One time at which a schedule counts; the calendar has been read outside the core. A window is to be
 * handed in from its lead and ramp on; earlier it says nothing.
 *
 * @param name of the schedule
 * @param fromMs when its count must be ready, less {@code leadMs}
 * @param toMs when it no longer counts
 * @param count so many at least
 */
public record ScheduleWindow(String name, long fromMs, long toMs, int count, long rampMs,
        long leadMs) {

    /** A schedule at a time. */
    public static ScheduleWindow of(Schedule schedule, long fromMs) {
        return new ScheduleWindow(schedule.name(), fromMs, fromMs + schedule.durationMs(),
                schedule.count(), schedule.rampMs(), schedule.leadMs());
    }

    /** From when on it says anything. */
    public long beginMs() {
        return fromMs - leadMs - rampMs;
    }

    /** Fewest instances at a time: rises evenly from {@code min} until it is reached. */
    public int floor(int min, long nowMs) {
        if (nowMs < beginMs() || nowMs >= toMs) {
            return 0;
        }
        if (nowMs >= fromMs - leadMs || count <= min) {
            return count;
        }
        return min + (int) Math.ceilDiv((long) (count - min) * (nowMs - beginMs()), rampMs);
    }
}
