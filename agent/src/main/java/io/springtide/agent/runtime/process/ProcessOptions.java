package io.springtide.agent.runtime.process;

import java.util.concurrent.TimeUnit;

/**
 * How the process runtime behaves.
 *
 * @param logBytesMax a log larger than this is rotated
 * @param logsKept how many rotated logs are kept, per stream
 * @param cgroups whether tasks get control groups for processor and memory, where permitted
 * @param sweepMs how often a part of the tasks is looked after; all of them in five times that
 */
public record ProcessOptions(long logBytesMax, int logsKept, boolean cgroups, long sweepMs) {

    /** Ten MiB a log, two old ones, no control groups. */
    public static final ProcessOptions STANDARD = new ProcessOptions(10L << 20, 2, false,
            TimeUnit.SECONDS.toMillis(1));

    public ProcessOptions {
        if (logBytesMax < 1 || logsKept < 0 || sweepMs < 1) {
            throw new IllegalArgumentException("sizes and intervals must be positive");
        }
    }
}
