package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * Where instances may be, whose they are, and who gives way to whom.
 *
 * @param constraints that must all hold
 * @param role whose share and quota they count against
 * @param roleUse which of an agent's resources they may take
 * @param priority higher ones are placed first and may evict lower ones
 * @param disruptionPpm so many millionths of the wanted instances may be missing because of evictions
 */
public record Rules(List<Constraint> constraints, String role, RoleUse roleUse, int priority,
        ServiceClass serviceClass, int disruptionPpm, Preferences preferences) {

    /** The role of those who name none. */
    public static final String ROLE_DEFAULT = "*";
    public static final int PRIORITY_MAX = 1_000;
    public static final int PPM = 1_000_000;

    /** No rule at all. */
    public static final Rules NONE = new Rules(List.of(), ROLE_DEFAULT, RoleUse.ANY, 0,
            ServiceClass.GUARANTEED, PPM / 2, Preferences.NONE);

    /** The order is part of the journal's format. */
    public enum RoleUse {
        /** What is reserved for the role first, then what is reserved for nobody. */
        ANY,
        /** Only what is reserved for nobody. */
        UNRESERVED,
        /** Only what is reserved for the role. */
        RESERVED
    }

    public Rules {
        constraints = List.copyOf(constraints);
        Check.argument(constraints.size() <= Constraint.CONSTRAINTS_MAX, "at most 50 constraints");
        Check.argument(!role.isEmpty(), "a role has a name");
        Check.argument(Math.abs(priority) <= PRIORITY_MAX,
                "a priority lies within -1000 and 1000");
        Check.argument(disruptionPpm >= 0 && disruptionPpm <= PPM,
                "disruptionBudget is out of range");
    }

    /** The same with other constraints. */
    public Rules withConstraints(Constraint... rules) {
        return new Rules(List.of(rules), role, roleUse, priority, serviceClass, disruptionPpm,
                preferences);
    }

    /** The same with another role. */
    public Rules withRole(String name) {
        return new Rules(constraints, name, roleUse, priority, serviceClass, disruptionPpm,
                preferences);
    }

    /** The same with another priority. */
    public Rules withPriority(int height) {
        return new Rules(constraints, role, roleUse, height, serviceClass, disruptionPpm,
                preferences);
    }

    /** The same of another class. */
    public Rules withServiceClass(ServiceClass other) {
        return new Rules(constraints, role, roleUse, priority, other, disruptionPpm, preferences);
    }

    /** The same with another budget. */
    public Rules withDisruptionPpm(int ppm) {
        return new Rules(constraints, role, roleUse, priority, serviceClass, ppm, preferences);
    }

    /** The same with other preferences. */
    public Rules withPreferences(Preferences other) {
        return new Rules(constraints, role, roleUse, priority, serviceClass, disruptionPpm, other);
    }
}
