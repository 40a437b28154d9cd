package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What an app says about its placement beyond Marathon's words, in an object {@code placement} that
 * strict clients of Marathon never see. What nobody said is empty.
 *
 * @param policy what is preferred among agents that fit
 * @param scorer name of the scorer that ranks agents
 * @param serviceClass how firmly an instance holds what it asks for
 * @param priority higher ones are placed first and may evict lower ones
 * @param disruptionBudget so large a part of the instances may be missing because of evictions
 * @param gpuShare a part of one GPU
 * @param spread how strongly instances are kept apart
 * @param prefer agents to prefer
 * @param near apps to be near to
 * @param apart apps to be far from
 */
public record PlacementTerms(Optional<Policy> policy, Optional<String> scorer,
        Optional<ServiceClass> serviceClass, OptionalInt priority, OptionalDouble disruptionBudget,
        OptionalDouble gpuShare, Optional<Spread> spread, List<Preference> prefer,
        List<Neighbour> near, List<Neighbour> apart) {

    public static final int PRIORITY_MAX = 1_000;
    public static final int WEIGHT_MAX = 100;
    /** Of each list; bounds the work for each agent. */
    public static final int TERMS_MAX = 20;
    /** Both lists together, as placement keeps them as one. */
    public static final int NEIGHBOURS_MAX = 20;

    /** Nothing was said. */
    public static final PlacementTerms NONE = new PlacementTerms(Optional.empty(), Optional.empty(),
            Optional.empty(), OptionalInt.empty(), OptionalDouble.empty(), OptionalDouble.empty(),
            Optional.empty(), List.of(), List.of(), List.of());

    /** What is preferred among agents that fit. */
    public enum Policy implements Literal {
        /** Few in one place. */
        SPREAD("spread"),
        /** Few agents in use. */
        BINPACK("binpack"),
        /** As the weights say. */
        WEIGHTED("weighted"),
        /** GPUs stay usable for what is commonly asked of them. */
        GPU_FRAGMENTATION("gpu-fragmentation");

        private final String json;

        Policy(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** How firmly an instance holds what it asks for. */
    public enum ServiceClass implements Literal {
        /** What it asks for is its own, used or not. */
        GUARANTEED("guaranteed"),
        /** It may use more while nobody else does. */
        BURSTABLE("burstable"),
        /** Lives on what others do not use, and goes first. */
        BEST_EFFORT("best-effort");

        private final String json;

        ServiceClass(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /** Priorities that have a name. */
    public enum NamedPriority implements Literal {
        /** Gives way to others. */
        LOW("low", -100),
        /** As those who say nothing. */
        NORMAL("normal", 0),
        /** Goes before others. */
        HIGH("high", 100),
        /** Goes before nearly everything. */
        CRITICAL("critical", 500);

        private final String json;
        private final int value;

        NamedPriority(String json, int value) {
            this.json = json;
            this.value = value;
        }

        @Override
        public String json() {
            return json;
        }

        /** As a number. */
        public int value() {
            return value;
        }
    }

    /** Weights of 0 to 100. */
    public record Spread(int site, int rack, int host) {}

    /**
     * Agents whose attribute has a value.
     *
     * @param weight of -100 to 100; below 0 they are avoided
     */
    public record Preference(String attribute, String is, int weight) {}

    /** Where two instances count as near to each other. */
    public enum Scope implements Literal {
        /** On one agent. */
        HOST("host"),
        /** In one rack. */
        RACK("rack"),
        /** In one site. */
        SITE("site");

        private final String json;

        Scope(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }

    /**
     * Another app, or the same one.
     *
     * @param weight of 1 to 100
     * @param required a rule instead of a preference
     */
    public record Neighbour(PathId app, Scope scope, int weight, boolean required) {}

    /** Keeps its own copies. */
    public PlacementTerms {
        prefer = List.copyOf(prefer);
        near = List.copyOf(near);
        apart = List.copyOf(apart);
    }

    /** Whether nothing was said. */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** The priority that a word or a number stands for; empty if it is neither. */
    public static OptionalInt priority(String text) {
        for (NamedPriority named : NamedPriority.values()) {
            if (named.json().equalsIgnoreCase(text)) {
                return OptionalInt.of(named.value());
            }
        }
        try {
            int number = Integer.parseInt(text);
            return number >= -PRIORITY_MAX && number <= PRIORITY_MAX
                    ? OptionalInt.of(number)
                    : OptionalInt.empty();
        } catch (NumberFormatException neither) {
            return OptionalInt.empty();
        }
    }
}
