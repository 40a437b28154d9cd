package io.springtide.api.marathon;

import java.util.Optional;

/**
 * An operator's rule on placement.
 *
 * @param field {@code hostname}, {@code @region}, {@code @zone} or an attribute of agents
 * @param operator what is asked of its value
 * @param value the operand; whether there must be one depends on the operator
 */
public record Constraint(String field, Operator operator, Optional<String> value) {

    /** What can be asked. */
    public enum Operator implements Literal {
        /** No two instances share a value. */
        UNIQUE,
        /** All instances share one value. */
        CLUSTER,
        /** Instances spread evenly over the values. */
        GROUP_BY,
        /** The value matches an expression. */
        LIKE,
        /** The value does not match an expression. */
        UNLIKE,
        /** So many instances a value and no more. */
        MAX_PER,
        /** The value is this one. */
        IS;

        @Override
        public String json() {
            return name();
        }
    }
}
