package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.Placement;
import io.springtide.api.marathon.PlacementTerms;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.placement.Scorers;
import io.springtide.master.plugins.PlacementPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an app says of its placement, in Marathon's words, in our own and in labels, as rules of the
 * core. Our own object goes before labels.
 */
final class PlacementRules {

    /** How an app chooses its policy. */
    static final String LABEL_PLACEMENT = "SPRINGTIDE_PLACEMENT";
    static final String LABEL_PRIORITY = "SPRINGTIDE_PRIORITY";
    static final String LABEL_CLASS = "SPRINGTIDE_CLASS";

    private PlacementRules() {}

    /** What it prefers among agents that fit. */
    static PlacementPolicy policy(App app) {
        return policy(app.placement(), app.labels());
    }

    /** As the other, for whatever has a placement and labels. */
    static PlacementPolicy policy(Placement placement, Map<String, String> labels) {
        PlacementTerms terms = placement.terms();
        Optional<PlacementTerms.Policy> wanted = terms.policy().or(() -> label(labels,
                LABEL_PLACEMENT, PlacementTerms.Policy.values(), PlacementTerms.Policy::json));
        if (wanted.isEmpty()) {
            // Who gives weights wants them to count; others survive the loss of an agent best.
            return terms.spread().isPresent() ? PlacementPolicy.WEIGHTED : PlacementPolicy.SPREAD;
        }
        return switch (wanted.get()) {
            case SPREAD -> PlacementPolicy.SPREAD;
            case BINPACK -> PlacementPolicy.BINPACK;
            case WEIGHTED -> PlacementPolicy.WEIGHTED;
            case GPU_FRAGMENTATION -> PlacementPolicy.GPU_FRAGMENTATION;
        };
    }

    /** All else. */
    static Rules rules(App app) {
        return rules(app.placement(), app.labels(), "/constraints");
    }

    /**
     * As the other, for whatever has a placement and labels.
     *
     * @param path of its constraints, for complaints
     */
    static Rules rules(Placement placement, Map<String, String> labels, String path) {
        PlacementTerms terms = placement.terms();
        if (placement.constraints().size() > Constraint.CONSTRAINTS_MAX) {
            throw Errors.notValid(path,
                    "must have no more than " + Constraint.CONSTRAINTS_MAX + " items");
        }
        return new Rules(
                placement.constraints().stream().map(PlacementRules::constraint).toList(),
                placement.role(), roleUse(placement), priority(placement, labels),
                serviceClass(placement, labels),
                terms.disruptionBudget().isPresent()
                        ? (int) Math.round(terms.disruptionBudget().getAsDouble() * Rules.PPM)
                        : Rules.NONE.disruptionPpm(),
                preferences(terms));
    }

    private static Constraint constraint(io.springtide.api.marathon.Constraint given) {
        Constraint.Operator operator = switch (given.operator()) {
            case UNIQUE -> Constraint.Operator.UNIQUE;
            case CLUSTER -> Constraint.Operator.CLUSTER;
            case GROUP_BY -> Constraint.Operator.GROUP_BY;
            case LIKE -> Constraint.Operator.LIKE;
            case UNLIKE -> Constraint.Operator.UNLIKE;
            case MAX_PER -> Constraint.Operator.MAX_PER;
            case IS -> Constraint.Operator.IS;
        };
        return new Constraint(given.field(), operator, given.value().orElse(""));
    }

    private static Rules.RoleUse roleUse(Placement placement) {
        List<String> accepted = placement.acceptedResourceRoles();
        boolean unreserved = accepted.contains(Rules.ROLE_DEFAULT);
        boolean own = !placement.role().equals(Rules.ROLE_DEFAULT)
                && accepted.contains(placement.role());
        if (unreserved == own) {
            return Rules.RoleUse.ANY;
        }
        return unreserved ? Rules.RoleUse.UNRESERVED : Rules.RoleUse.RESERVED;
    }

    private static int priority(Placement placement, Map<String, String> labels) {
        OptionalInt own = placement.terms().priority();
        String label = labels.get(LABEL_PRIORITY);
        if (own.isPresent() || label == null) {
            return own.orElse(0);
        }
        return PlacementTerms.priority(label)
                .orElseThrow(() -> Errors.notValid("/labels/" + LABEL_PRIORITY,
                        "must be a whole number from -1000 to 1000, or 'low', 'normal', 'high' or"
                                + " 'critical'"));
    }

    private static ServiceClass serviceClass(Placement placement, Map<String, String> labels) {
        Optional<PlacementTerms.ServiceClass> wanted = placement.terms().serviceClass()
                .or(() -> label(labels, LABEL_CLASS, PlacementTerms.ServiceClass.values(),
                        PlacementTerms.ServiceClass::json));
        return switch (wanted.orElse(PlacementTerms.ServiceClass.GUARANTEED)) {
            case GUARANTEED -> ServiceClass.GUARANTEED;
            case BURSTABLE -> ServiceClass.BURSTABLE;
            case BEST_EFFORT -> ServiceClass.BEST_EFFORT;
        };
    }

    private interface Word<E> {
        String of(E literal);
    }

    private static <E extends Enum<E>> Optional<E> label(Map<String, String> labels, String name,
            E[] known, Word<E> word) {
        String given = labels.get(name);
        if (given == null) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (E one : known) {
            if (word.of(one).equals(given.toLowerCase(Locale.ROOT))) {
                return Optional.of(one);
            }
            words.add("'" + word.of(one) + "'");
        }
        throw Errors.notValid("/labels/" + name, "must be one of " + String.join(", ", words));
    }

    private static Preferences preferences(PlacementTerms terms) {
        PlacementTerms.Spread spread = terms.spread()
                .orElse(new PlacementTerms.Spread(0, 0, 0));
        List<Preferences.Neighbour> apps = new ArrayList<>();
        terms.near().forEach(one -> apps.add(neighbour(one, 1)));
        terms.apart().forEach(one -> apps.add(neighbour(one, -1)));
        terms.scorer().ifPresent(name -> checkScorer("/placement/scorer", name));
        return new Preferences(terms.scorer().orElse(""), spread.site(), spread.rack(),
                spread.host(),
                terms.prefer().stream().map(one -> new Preferences.Attribute(one.attribute(),
                        one.is(), one.weight())).toList(),
                apps);
    }

    /** Refuses the name of a scorer that there is not. */
    static void checkScorer(String path, String name) {
        Scorers scorers = PlacementPlugins.settings().scorers();
        if (scorers.named(name).isEmpty()) {
            throw Errors.notValid(path, "is no scorer; there are " + String.join(", ",
                    scorers.names()));
        }
    }

    private static Preferences.Neighbour neighbour(PlacementTerms.Neighbour one, int sign) {
        Preferences.Scope scope = switch (one.scope()) {
            case HOST -> Preferences.Scope.HOST;
            case RACK -> Preferences.Scope.RACK;
            case SITE -> Preferences.Scope.SITE;
        };
        return new Preferences.Neighbour(new AppId(one.app().path()), scope, sign * one.weight(),
                one.required());
    }
}
