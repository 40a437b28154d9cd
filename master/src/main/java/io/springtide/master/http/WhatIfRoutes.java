package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.MarathonError.Problem;
import io.springtide.api.marathon.OutageQuestion;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.placement.Forecast;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.master.plugins.PlacementPlugins;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code /tide/v1/what-if}: without these agents, what would not fit? Changes nothing. */
final class WhatIfRoutes implements Routes {

    /** A hostile question has a hundred thousand names that nobody knows. */
    private static final int PROBLEMS_MAX = 200;

    /** An app that would miss instances. */
    private record Missing(String app, int count, Funnel funnel) {}

    private record Found(int agents, int displaced, int placed, List<Missing> missing) {}

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("tide", "v1", "what-if"))
                ? Resource.at("/tide/v1/what-if").post(WhatIfRoutes::ask).found()
                : Optional.empty();
    }

    private static void ask(Exchange x) {
        OutageQuestion question = OutageQuestion.read(JsonInput.parse(x.body()));
        Found found = x.backend().view().read(state -> find(state, question));
        ObjectNode body = Json.object().put("agents", found.agents())
                .put("displaced", found.displaced()).put("placed", found.placed());
        ArrayNode unfit = body.putArray("unfit");
        int missing = 0;
        for (Missing one : found.missing()) {
            missing += one.count();
            ObjectNode node = unfit.addObject().put("app", one.app()).put("missing", one.count());
            node.set("rejections", one.funnel().json());
            one.funnel().putClosest(node);
            node.put("sentence", one.funnel().sentence() + ".");
        }
        x.json(200, body.put("missing", missing).put("sentence", sentence(found, missing)));
    }

    private static String sentence(Found found, int missing) {
        String gone = "Without " + Funnel.number(found.agents())
                + (found.agents() == 1 ? " agent, " : " agents, ");
        if (found.displaced() == 0) {
            return gone + "nothing would have to move.";
        }
        String all = gone + Funnel.number(found.displaced())
                + (found.displaced() == 1 ? " instance" : " instances") + " would have to move: ";
        return all + (missing == 0
                ? "all would find a place."
                : Funnel.number(found.placed()) + " would find a place, " + Funnel.number(missing)
                        + " of " + Funnel.number(found.missing().size())
                        + (found.missing().size() == 1 ? " app" : " apps") + " would not.");
    }

    private static Found find(ClusterState state, OutageQuestion question) {
        BitSet gone = rows(state.agents(), question);
        Forecast.Outage outage = Forecast.without(state, PlacementPlugins.settings(),
                gone::get);
        List<Missing> missing = new ArrayList<>();
        for (Forecast.Unfit unfit : outage.unfit()) {
            state.app(unfit.app()).ifPresent(app -> missing.add(new Missing(unfit.app().path(),
                    unfit.missing(),
                    new Funnel(app.current().spec(), unfit.why(), "gone or silent"))));
        }
        return new Found(gone.cardinality(), outage.displaced(), outage.placed(), missing);
    }

    private static BitSet rows(AgentTable agents, OutageQuestion question) {
        Map<String, BitSet> sites = new HashMap<>();
        Map<String, BitSet> racks = new HashMap<>();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                AgentSpec spec = agents.spec(row);
                add(sites, spec.site(), row);
                add(racks, spec.rack(), row);
                // For racks of the same name in several sites.
                add(racks, spec.site() + "/" + spec.rack(), row);
            }
        }
        BitSet gone = new BitSet();
        List<Problem> problems = new ArrayList<>();
        gather(question.agents(), "agents", "is no agent", name -> {
            BitSet one = new BitSet();
            if (!name.isEmpty() && name.length() <= AgentId.LENGTH_MAX) {
                agents.rowOf(new AgentId(name)).ifPresent(one::set);
            }
            return one;
        }, gone, problems);
        gather(question.sites(), "sites", "is no site of any agent",
                name -> sites.getOrDefault(name, new BitSet()), gone, problems);
        gather(question.racks(), "racks", "is no rack of any agent",
                name -> racks.getOrDefault(name, new BitSet()), gone, problems);
        if (!problems.isEmpty()) {
            throw new RequestRefused(new MarathonError(422, "Object is not valid",
                    new MarathonError.Details.Problems(problems)));
        }
        return gone;
    }

    private static void add(Map<String, BitSet> places, String name, int row) {
        places.computeIfAbsent(name, unused -> new BitSet()).set(row);
    }

    private static void gather(List<String> names, String list, String otherwise,
            Function<String, BitSet> known, BitSet gone, List<Problem> problems) {
        for (int i = 0; i < names.size(); i++) {
            BitSet rows = known.apply(names.get(i));
            if (rows.isEmpty() && problems.size() < PROBLEMS_MAX) {
                problems.add(new Problem("/without/" + list + "(" + i + ")",
                        List.of(otherwise)));
            }
            gone.or(rows);
        }
    }
}
