package io.springtide.bench.sim;

/**
 * How many agents a cluster may have; each seed draws from it, both ends included.
 *
 * @param least at least one
 * @param most up to {@link #AGENTS_MAX}
 */
public record AgentRange(int least, int most) {

    /** Above it one run takes long, and finds nothing that a smaller one does not. */
    public static final int AGENTS_MAX = 500;

    /** Smaller ones are no cluster, unless they are asked for. */
    private static final int DRAWN_LEAST = 3;

    public AgentRange {
        if (least < 1 || most < least || most > AGENTS_MAX) {
            throw new IllegalArgumentException("agents must lie within 1 and " + AGENTS_MAX
                    + ", as N or as FROM-TO, not " + least + "-" + most);
        }
    }

    /** From a few up to so many. */
    public static AgentRange upTo(int most) {
        return new AgentRange(Math.min(DRAWN_LEAST, most), most);
    }

    /**
     * Reads {@code 50} or {@code 3-50}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static AgentRange of(String text) {
        String[] ends = text.split("-", -1);
        try {
            if (ends.length <= 2) {
                return new AgentRange(Integer.parseInt(ends[0]),
                        Integer.parseInt(ends[ends.length - 1]));
            }
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(
                    "agents are given as N or as FROM-TO, not as \"" + text + "\"", wrong);
        }
        throw new IllegalArgumentException(
                "agents are given as N or as FROM-TO, not as \"" + text + "\"");
    }

    @Override
    public String toString() {
        return least == most ? Integer.toString(least) : least + "-" + most;
    }
}
