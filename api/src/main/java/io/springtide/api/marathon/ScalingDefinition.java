package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/**
 * How many instances an app is to have as its load changes, as {@code PUT /v2/apps/{id}/autoscaling}
 * says it. Nothing of it is part of an app's definition.
 *
 * @param min fewest instances
 * @param max most instances
 * @param targets what is measured; the one that asks for most wins
 * @param tolerance a share: a load that differs by no more changes nothing
 * @param up how fast the count may rise
 * @param down how fast it may fall
 * @param schedules counts for times that are known beforehand
 * @param burst what is done about floods; empty = nothing beyond the targets
 * @param standby instances kept frozen for the next flood; empty = none
 * @param dryRun it decides, but nothing is changed
 */
public record ScalingDefinition(int min, int max, List<Target> targets, double tolerance,
        Behaviour up, Behaviour down, List<Schedule> schedules, Optional<Burst> burst,
        Optional<Standby> standby, boolean dryRun) {

    public static final int INSTANCES_MAX = 1_000_000;
    public static final double TOLERANCE = 0.1;
    static final int TARGETS_MAX = 16;
    static final int STEPS_MAX = 8;
    static final int SCHEDULES_MAX = 100;

    public ScalingDefinition {
        targets = List.copyOf(targets);
        schedules = List.copyOf(schedules);
    }

    /**
     * One thing that is measured, and how much of it one instance should carry.
     *
     * @param query text of a {@link Metric#PROMQL} target; else empty
     * @param perInstance the query gives what one instance has, not the sum over the app
     */
    public record Target(Metric metric, double value, String query, boolean perInstance) {}

    /** What can be measured. */
    public enum Metric implements Literal {
        /** Percent of the processors that an instance asks for. */
        CPU,
        /** Percent of the memory that an instance asks for. */
        MEMORY,
        /** Requests a second. */
        REQUESTS,
        /** Requests at once. */
        CONCURRENCY,
        /** The 99th percentile in milliseconds. */
        LATENCY,
        /** Any query that gives one number. */
        PROMQL;

        @Override
        public String json() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** How fast a count may move in one direction; all times in seconds. */
    public record Behaviour(int stabilizationSeconds, List<Step> steps, Select select) {

        public Behaviour {
            steps = List.copyOf(steps);
        }
    }

    /** Which of several steps counts. */
    public enum Select implements Literal {
        /** The one that lets it go furthest. */
        MOST,
        /** The one that lets it go least far. */
        LEAST,
        /** None: it does not move in this direction. */
        NONE;

        @Override
        public String json() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** At most so many instances, or so many percent, within any period; one of both is said. */
    public record Step(OptionalInt instances, OptionalInt percent, int periodSeconds) {}

    /** A count that is to be there from a time on: the load may ask for more. */
    public record Schedule(String name, String cron, String zone, int instances,
            int durationSeconds, int rampSeconds, int leadSeconds) {}

    /** What is a flood, and for how long the count does not shrink after one. */
    public record Burst(int windowSeconds, double factor, int holdSeconds) {

        /** Twice the load within two seconds; held for a minute. */
        public static final Burst DEFAULT = new Burst(2, 2, 60);
    }

    /** Instances that are started, ready and frozen; one of both is said. */
    public record Standby(OptionalInt count, OptionalInt percent) {}

    /** Knows cron texts, time zones, and whether schedules get in each other's way. */
    public interface ScheduleRules {

        /**
         * Looks for faults.
         *
         * @param sound schedules that are well-formed otherwise, by their place
         * @param faults gets a path within the definition, and what is wrong there
         */
        void check(SortedMap<Integer, Schedule> sound, BiConsumer<String, String> faults);
    }

    /**
     * Reads the body of a request; tells all faults at once.
     *
     * @throws RequestRefused 422 if it is not as it should be
     */
    public static ScalingDefinition read(JsonNode body, ScheduleRules rules) {
        return ScalingTree.read(body, rules);
    }
}
