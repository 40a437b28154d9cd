package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** {@link PlacementTerms} as JSON, both ways. */
final class PlacementTermsTree {

    private static final int NAME_CHARACTERS_MAX = 64;
    private static final int VALUE_CHARACTERS_MAX = 1024;
    private static final int WEIGHT_DEFAULT = 50;

    private static final Shape WEIGHT = (value, path, violations) -> StrictShape.whole(value, path,
            violations,
            0, PlacementTerms.WEIGHT_MAX);

    private static final Shape WEIGHT_POSITIVE = (value, path, violations) -> StrictShape.whole(
            value, path,
            violations, 1, PlacementTerms.WEIGHT_MAX);

    private static final Shape WEIGHT_SIGNED = (value, path, violations) -> {
        JsonNode read = StrictShape.whole(value, path, violations, -PlacementTerms.WEIGHT_MAX,
                PlacementTerms.WEIGHT_MAX);
        violations.require(!read.isInt() || read.intValue() != 0, path, "must not be 0");
        return read;
    };

    private static final Shape PRIORITY = (value, path, violations) -> {
        OptionalInt named = value.isTextual() && value.textValue().matches("[A-Za-z]+")
                ? PlacementTerms.priority(value.textValue())
                : OptionalInt.empty();
        if (named.isPresent()) {
            return IntNode.valueOf(named.getAsInt());
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(Math.abs(number) <= PlacementTerms.PRIORITY_MAX) || number != Math.rint(number)) {
            violations.add(path, "must be a whole number from -1000 to 1000, or one of "
                    + StrictShape.words(PlacementTerms.NamedPriority.values()));
            return value;
        }
        return IntNode.valueOf((int) number);
    };

    private static final Shape RATIO = (value, path, violations) -> {
        boolean good = value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1;
        violations.require(good, path, "must be a number from 0 to 1");
        return good ? Fields.number(value.doubleValue()) : value;
    };

    /** Below a thousandth nothing would be left of it. */
    private static final Shape SHARE = (value, path, violations) -> {
        boolean good = value.isNumber() && value.doubleValue() >= 0.001
                && value.doubleValue() <= 0.999;
        violations.require(good, path, "must be a part of one GPU, from 0.001 to 0.999;"
                + " whole ones are asked for with 'gpus'");
        return good ? Fields.number(value.doubleValue()) : value;
    };

    private static final Shape BOOL = (value, path, violations) -> {
        violations.require(value.isBoolean(), path, "must be true or false");
        return value;
    };

    private static final Shape APP_ID = (value, path, violations) -> {
        boolean good = value.isTextual() && value.textValue().startsWith("/")
                && value.textValue().length() > 1
                && value.textValue().length() <= VALUE_CHARACTERS_MAX
                && PathId.isWellFormed(value.textValue());
        violations.require(good, path, "must be the id of an app, from the root: /group/app");
        return value;
    };

    private static final Shape NEIGHBOURS = list(
            StrictShape.object(List.of(Shape.must("app", APP_ID),
                    Shape.maybe("scope", StrictShape.oneOf(PlacementTerms.Scope.values())),
                    Shape.maybe("weight", WEIGHT_POSITIVE), Shape.maybe("required", BOOL))));

    /** A scorer's name. */
    static final Shape SCORER = StrictShape.text(NAME_CHARACTERS_MAX, "[a-z0-9][a-z0-9-]*",
            "must be the name of a scorer: a-z, 0-9 and dashes");

    /** The shape of the object. */
    static final Shape SHAPE = StrictShape.object(List.of(
            Shape.maybe("policy", StrictShape.oneOf(PlacementTerms.Policy.values())),
            Shape.maybe("scorer", SCORER),
            Shape.maybe("class", StrictShape.oneOf(PlacementTerms.ServiceClass.values())),
            Shape.maybe("priority", PRIORITY), Shape.maybe("disruptionBudget", RATIO),
            Shape.maybe("gpuShare", SHARE),
            Shape.maybe("spread", StrictShape.object(List.of(Shape.maybe("site", WEIGHT),
                    Shape.maybe("rack", WEIGHT), Shape.maybe("host", WEIGHT)))),
            Shape.maybe("prefer", list(StrictShape.object(List.of(
                    Shape.must("attribute", StrictShape.text(VALUE_CHARACTERS_MAX, "(?s).+",
                            "must be the name of an attribute")),
                    Shape.must("is", StrictShape.text(VALUE_CHARACTERS_MAX, "(?s).*",
                            "must be a text of 1024 characters at most")),
                    Shape.maybe("weight", WEIGHT_SIGNED))))),
            Shape.maybe("near", NEIGHBOURS), Shape.maybe("apart", NEIGHBOURS)));

    private PlacementTermsTree() {}

    // ------------------------------------------------------------ shapes

    private static Shape list(Shape item) {
        Shape plain = Shape.list(item);
        return (value, path, violations) -> {
            violations.require(value.size() <= PlacementTerms.TERMS_MAX || !value.isArray(), path,
                    "must have no more than " + PlacementTerms.TERMS_MAX + " items");
            return plain.read(value, path, violations);
        };
    }

    // ------------------------------------------------------------ from and to JSON

    /** From an object that has passed its shape. */
    static PlacementTerms read(Fields terms) {
        return new PlacementTerms(
                terms.text("policy")
                        .map(any -> terms.literalOr("policy", PlacementTerms.Policy.SPREAD)),
                terms.text("scorer"),
                terms.text("class")
                        .map(any -> terms.literalOr("class",
                                PlacementTerms.ServiceClass.GUARANTEED)),
                terms.integer("priority"), number(terms, "disruptionBudget"),
                number(terms, "gpuShare"),
                terms.object("spread")
                        .map(spread -> new PlacementTerms.Spread(spread.integerOr("site", 0),
                                spread.integerOr("rack", 0), spread.integerOr("host", 0))),
                terms.objects("prefer", item -> new PlacementTerms.Preference(
                        item.textOr("attribute", ""), item.textOr("is", ""),
                        item.integerOr("weight", WEIGHT_DEFAULT))),
                terms.objects("near", PlacementTermsTree::neighbour),
                terms.objects("apart", PlacementTermsTree::neighbour));
    }

    private static OptionalDouble number(Fields terms, String name) {
        return terms.has(name)
                ? OptionalDouble.of(terms.numberOr(name, 0))
                : OptionalDouble.empty();
    }

    private static PlacementTerms.Neighbour neighbour(Fields item) {
        return new PlacementTerms.Neighbour(new PathId(item.textOr("app", "/")),
                item.literalOr("scope", PlacementTerms.Scope.HOST),
                item.integerOr("weight", WEIGHT_DEFAULT), item.boolOr("required", false));
    }

    /** As an object that passes its shape. */
    static ObjectNode write(PlacementTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        terms.policy().ifPresent(policy -> out.put("policy", policy.json()));
        terms.scorer().ifPresent(scorer -> out.put("scorer", scorer));
        terms.serviceClass().ifPresent(one -> out.put("class", one.json()));
        terms.priority().ifPresent(priority -> out.put("priority", priority));
        terms.disruptionBudget()
                .ifPresent(budget -> out.set("disruptionBudget", Fields.number(budget)));
        terms.gpuShare().ifPresent(share -> out.set("gpuShare", Fields.number(share)));
        terms.spread().ifPresent(spread -> out.putObject("spread").put("site", spread.site())
                .put("rack", spread.rack()).put("host", spread.host()));
        if (!terms.prefer().isEmpty()) {
            ArrayNode prefer = out.putArray("prefer");
            terms.prefer().forEach(one -> prefer.addObject().put("attribute", one.attribute())
                    .put("is", one.is()).put("weight", one.weight()));
        }
        neighbours(out, "near", terms.near());
        neighbours(out, "apart", terms.apart());
        return out;
    }

    private static void neighbours(ObjectNode out, String name,
            List<PlacementTerms.Neighbour> neighbours) {
        List<ObjectNode> items = new ArrayList<>();
        for (PlacementTerms.Neighbour one : neighbours) {
            items.add(JsonNodeFactory.instance.objectNode().put("app", one.app().path())
                    .put("scope", one.scope().json()).put("weight", one.weight())
                    .put("required", one.required()));
        }
        if (!items.isEmpty()) {
            out.putArray(name).addAll(items);
        }
    }
}
