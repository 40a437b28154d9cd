package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Which agents are thought away, as {@code POST /tide/v1/what-if} names them. */
public record OutageQuestion(List<String> agents, List<String> sites, List<String> racks) {

    private static final int NAMES_MAX = 100_000;

    private static final Shape NAMES = (value, path, violations) -> {
        violations.require(value.size() <= NAMES_MAX, path, "must have no more than 100000 names");
        return Shape.list((name, where, found) -> {
            found.require(name.isTextual(), where, "must be a name");
            return name;
        }).read(value, path, violations);
    };

    private static final Shape SHAPE = StrictShape.object(List.of(Shape.must("without",
            StrictShape.object(List.of(Shape.maybe("agents", NAMES), Shape.maybe("sites", NAMES),
                    Shape.maybe("racks", NAMES))))));

    /** Keeps its own copies. */
    public OutageQuestion {
        agents = List.copyOf(agents);
        sites = List.copyOf(sites);
        racks = List.copyOf(racks);
    }

    /**
     * Reads the body of a request.
     *
     * @throws RequestRefused 422 if it is not as it should be
     */
    public static OutageQuestion read(JsonNode body) {
        Violations violations = new Violations();
        Fields without = new Fields(SHAPE.read(body, "", violations)).in("without");
        violations.refuseUnreadable();
        OutageQuestion question = new OutageQuestion(without.texts("agents"),
                without.texts("sites"), without.texts("racks"));
        violations.require(
                !question.agents.isEmpty() || !question.sites.isEmpty()
                        || !question.racks.isEmpty(),
                "/without", "must name agents, sites or racks");
        violations.refuseNotValid();
        return question;
    }
}
