package io.springtide.master.prefetch;

import io.springtide.core.model.AgentId;
import java.util.List;

/**
 * How far it is to have what a schedule will need.
 *
 * @param what in words, such as {@code image registry/web:7}
 * @param agents where it is likely to be needed, spares included
 * @param done so many of them have it
 * @param fetching so many are at it
 * @param failed so many have given up once and have not made it good; the others wait for their turn
 * @param placeable for so many of the missing instances an agent has room now
 * @param bytesDone of {@code bytesTotal}, as far as agents know them
 * @param failedSinceMs since when some have failed; 0 = none has
 * @param failures a few of them
 */
public record Progress(Occasion occasion, String what, int agents, int done, int fetching,
        int failed, int placeable, long bytesDone, long bytesTotal, long failedSinceMs,
        List<Failure> failures) {

    /** Each with its sentence; all together they are counted. */
    public static final int FAILURES_MAX = 10;

    private static final int SAID_MAX = 3;

    /** Why an agent has not got it. */
    public record Failure(AgentId agent, String error) {}

    public Progress {
        failures = List.copyOf(failures);
    }

    /** The whole in words, without a full stop. */
    public String sentence() {
        StringBuilder out = new StringBuilder(occasion.app().path()).append("'s ").append(what)
                .append(", needed for schedule ").append(occasion.schedule());
        if (agents == 0) {
            return out.append(", is fetched nowhere: no agent has room for any of the ")
                    .append(occasion.missing()).append(" missing instances now").toString();
        }
        out.append(", is on ").append(done).append(" of ").append(agents)
                .append(agents == 1 ? " likely agent" : " likely agents");
        if (placeable < occasion.missing()) {
            out.append("; there is room for ").append(placeable).append(" of ")
                    .append(occasion.missing()).append(" missing instances now");
        }
        failures.stream().limit(SAID_MAX).forEach(one -> out.append("; ").append(one.agent())
                .append(": ").append(one.error()));
        int more = failed - Math.min(failures.size(), SAID_MAX);
        if (more > 0) {
            out.append("; ").append(more).append(" more failed");
        }
        return out.toString();
    }
}
