package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * An operator's rule on where an app's instances may be. Source: Marathon, constraints. An agent that
 * lacks the field satisfies only {@link Operator#UNLIKE}.
 *
 * @param field {@code hostname}, {@code @region}, {@code @zone}, {@code @rack}, or an agent's attribute
 * @param value what the operator compares with; empty where it needs nothing
 */
public record Constraint(String field, Operator operator, String value) {

    /** More than anybody has been seen to write; bounds the work of a round. */
    public static final int CONSTRAINTS_MAX = 50;

    public static final String HOSTNAME = "hostname";
    public static final String REGION = "@region";
    public static final String ZONE = "@zone";
    public static final String RACK = "@rack";

    /** The order is part of the journal's format. */
    public enum Operator {
        /** At most one instance for each value. */
        UNIQUE,
        /** All instances on one value: the given one, else whichever the first instance got. */
        CLUSTER,
        /** Instances level over all values that live agents have; with a number, over at least so many. */
        GROUP_BY,
        /** The whole value matches the expression. */
        LIKE,
        /** The whole value does not match the expression, or there is none. */
        UNLIKE,
        /** At most so many instances for each value. */
        MAX_PER,
        /** The value is this one. */
        IS
    }

    public Constraint {
        Check.argument(!field.isEmpty(), "a constraint names a field");
        if (operator == Operator.MAX_PER || (operator == Operator.GROUP_BY && !value.isEmpty())) {
            Check.argument(number(value) >= 0,
                    operator + " of " + field + " needs a number: " + value);
        }
        Check.argument(operator != Operator.UNIQUE || value.isEmpty(), "UNIQUE takes no value");
    }

    /** The value as a number; 0 where none is given. */
    public int count() {
        return value.isEmpty() ? 0 : number(value);
    }

    /** Whether it depends on nothing but the agent. */
    public boolean fixed() {
        return switch (operator) {
            case LIKE, UNLIKE, IS -> true;
            case CLUSTER -> !value.isEmpty();
            case UNIQUE, GROUP_BY, MAX_PER -> false;
        };
    }

    /** As people write it. */
    public String text() {
        return String.join(" ", value.isEmpty()
                ? List.of(field, operator.name())
                : List.of(field, operator.name(), value));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
