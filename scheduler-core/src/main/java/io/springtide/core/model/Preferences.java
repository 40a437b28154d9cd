package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * What placement should try for, and may fail to reach. Weights are compared with each other: 0 is
 * indifferent, 100 decides over everything that is not a rule.
 *
 * @param scorer name of the scorer that ranks agents; empty = the policy's own
 * @param siteWeight how strongly instances are kept apart over sites
 * @param rackWeight the same over racks
 * @param hostWeight the same over agents
 * @param attributes agents to prefer or, with a negative weight, to avoid
 * @param apps apps to be near to or, with a negative weight, far from
 */
public record Preferences(String scorer, int siteWeight, int rackWeight, int hostWeight,
        List<Attribute> attributes, List<Neighbour> apps) {

    public static final int WEIGHT_MAX = 100;
    /** Bounds the work for each agent. */
    public static final int TERMS_MAX = 20;

    /** None. */
    public static final Preferences NONE = new Preferences("", 0, 0, 0, List.of(), List.of());

    /** Where two instances count as near to each other. The order is part of the journal's format. */
    public enum Scope {
        HOST, RACK, SITE
    }

    /** Agents whose field has this very value. */
    public record Attribute(String field, String value, int weight) {

        public Attribute {
            Check.argument(!field.isEmpty(), "a preference names a field");
            Check.argument(Math.abs(weight) <= WEIGHT_MAX, "a weight lies within -100 and 100");
        }
    }

    /**
     * Instances of another app, or of the same one.
     *
     * @param required a rule instead of a preference: near means only where there is one, far only
     *     where there is none
     */
    public record Neighbour(AppId app, Scope scope, int weight, boolean required) {

        public Neighbour {
            Check.argument(weight != 0 && Math.abs(weight) <= WEIGHT_MAX,
                    "a weight lies within -100 and 100 and is not 0");
        }

        /** Whether it forbids to be near an app. */
        public boolean keepsOff(AppId other) {
            return required && weight < 0 && app.equals(other);
        }
    }

    public Preferences {
        attributes = List.copyOf(attributes);
        apps = List.copyOf(apps);
        Check.argument(within(siteWeight) && within(rackWeight) && within(hostWeight),
                "a weight of spreading lies within 0 and 100");
        Check.argument(attributes.size() <= TERMS_MAX && apps.size() <= TERMS_MAX,
                "at most 20 preferences of a kind");
    }

    private static boolean within(int weight) {
        return weight >= 0 && weight <= WEIGHT_MAX;
    }
}
