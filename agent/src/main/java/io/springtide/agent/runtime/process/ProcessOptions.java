package io.springtide.agent.runtime.process;

import java.util.concurrent.TimeUnit;

/**
 * How the process runtime behaves.
 *
 * @param logBytesMax a log larger than this is rotated
 * @param logsKept how many rotated logs are kept, per stream
 * @param cgroups what control groups tasks get, where permitted
 * @param sweepMs how often a part of the tasks is looked after; all of them in five times that
 */
public record ProcessOptions(long logBytesMax, int logsKept, Groups cgroups, long sweepMs) {

    /** What control groups are for. */
    public enum Groups {
        /** Nothing. */
        OFF,
        /** All tasks are in one, so that together they do not drown the agent; none has a limit. */
        SHARED,
        /** Each task has its own, which holds it to its memory and its share of the processors. */
        LIMITS
    }

    /** Ten MiB a log, two old ones, one control group for all. */
    public static final ProcessOptions STANDARD = new ProcessOptions(10L << 20, 2, Groups.SHARED,
            TimeUnit.SECONDS.toMillis(1));

    public ProcessOptions {
        if (logBytesMax < 1 || logsKept < 0 || sweepMs < 1) {
            throw new IllegalArgumentException("sizes and intervals must be positive");
        }
    }
}
