package io.springtide.core.elasticity;

import io.springtide.core.Check;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Constraint;

/**
 * Machines of one shape that can be ordered.
 *
 * @param machine as its agent will describe itself, but for its names
 * @param empty so many are on their way, or are there and nobody is on them
 * @param more so many may be ordered at most
 */
public record MachinePool(String name, AgentSpec machine, int empty, int more) {

    /** The attribute by which the agent of a machine says whose machine it runs on; different on each. */
    public static final String ATTRIBUTE = "machine";

    public MachinePool {
        Check.argument(empty >= 0 && more >= 0, "numbers of machines must not be negative");
    }

    /** Whether every machine has a value of its own for a field. */
    static boolean ofItsOwn(String field) {
        return field.equals(Constraint.HOSTNAME) || field.equals("@hostname")
                || field.equals(ATTRIBUTE);
    }
}
