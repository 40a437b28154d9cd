package io.springtide.core.elasticity;

import com.google.re2j.Pattern;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rules;
import io.springtide.core.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules an empty machine of a pool satisfies. Names of machines are not known beforehand: a rule
 * that asks for a certain name is not satisfied. Nor is one that wants to be near another app.
 */
final class MachineRules {

    private MachineRules() {}

    /** Why no machine of the pool comes into question, whatever it has left; empty if it does. */
    static Optional<Rejection> veto(MachineNeed need, AgentSpec machine) {
        Shape shape = need.shape();
        if ((machine.runtimesMask() & shape.runtime().bit()) == 0) {
            return Optional.of(Rejection.RUNTIME);
        }
        if (shape.rules().roleUse() == Rules.RoleUse.RESERVED) {
            return Optional.of(Rejection.ROLE);
        }
        for (Constraint rule : shape.rules().constraints()) {
            if (!holds(rule, machine)) {
                return Optional.of(Rejection.CONSTRAINT);
            }
        }
        for (String field : together(shape)) {
            Set<String> there = need.values(field);
            if (!there.isEmpty() && (MachinePool.ofItsOwn(field)
                    || machine.field(field).filter(there::contains).isEmpty())) {
                return Optional.of(Rejection.CONSTRAINT);
            }
        }
        return shape.rules().preferences().apps().stream()
                .anyMatch(one -> one.required() && one.weight() > 0)
                        ? Optional.of(Rejection.AFFINITY)
                        : Optional.empty();
    }

    private static boolean holds(Constraint rule, AgentSpec machine) {
        if (MachinePool.ofItsOwn(rule.field())) {
            return !rule.fixed();
        }
        Optional<String> value = machine.field(rule.field());
        return switch (rule.operator()) {
            case LIKE -> value.filter(one -> Pattern.matches(rule.value(), one)).isPresent();
            case UNLIKE -> value.filter(one -> Pattern.matches(rule.value(), one)).isEmpty();
            case IS -> value.equals(Optional.of(rule.value()));
            case CLUSTER -> value.isPresent()
                    && (!rule.fixed() || value.equals(Optional.of(rule.value())));
            case UNIQUE, GROUP_BY, MAX_PER -> value.isPresent();
        };
    }

    /** Rules by which only so many may be where a field has one value. */
    static List<Constraint> limits(Shape shape) {
        List<Constraint> limits = new ArrayList<>();
        for (Constraint rule : shape.rules().constraints()) {
            if (rule.operator() == Constraint.Operator.UNIQUE
                    || rule.operator() == Constraint.Operator.MAX_PER) {
                limits.add(rule);
            }
        }
        return limits;
    }

    /** How many that is. */
    static int most(Constraint limit) {
        return limit.operator() == Constraint.Operator.UNIQUE ? 1 : limit.count();
    }

    /** Fields that have to have one value for all instances. */
    static List<String> together(Shape shape) {
        return shape.rules().constraints().stream()
                .filter(rule -> rule.operator() == Constraint.Operator.CLUSTER && !rule.fixed())
                .map(Constraint::field).toList();
    }

    /** Whether two instances of the app must not be on one machine, or nearer. */
    static boolean apart(MachineNeed need) {
        return need.shape().rules().preferences().apps().stream()
                .anyMatch(one -> one.keepsOff(need.app())
                        && one.scope() == Preferences.Scope.HOST);
    }
}
