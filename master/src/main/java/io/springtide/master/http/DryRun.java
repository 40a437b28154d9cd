package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.CoreSettings;
import io.springtide.core.command.Command;
import io.springtide.core.decide.PlanPreview;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.placement.Forecast;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.master.plugins.PlacementPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code ?dryRun=true}: would this fit, and where? Everything is checked, nothing is changed. */
final class DryRun {

    /**
     * What came of it, free of the state it was found in.
     *
     * @param kept instances that run already and would stay
     */
    private record Found(AppSpec spec, int kept, int placeable, List<Share> shares,
            Funnel funnel) {

        int wanted() {
            return Math.max(0, spec.instances() - kept);
        }

        boolean fits() {
            return placeable >= wanted();
        }
    }

    /** So many instances on one agent. */
    private record Share(String agent, String host, int instances) {}

    private DryRun() {}

    static boolean wanted(Exchange x) {
        return x.query().flag("dryRun", false);
    }

    /**
     * The steps that a change would be done in. Deployments under way are passed over: those in the way
     * are told when it is done in earnest.
     *
     * @throws RequestRefused as without a dry run
     */
    static List<List<DeploymentAction>> steps(Exchange x, Command.SubmitApps submit) {
        long nowMs = x.backend().clock().millis();
        var forced = new Command.SubmitApps(submit.changes(), submit.removals(), submit.groups(),
                true);
        PlanPreview preview = x.backend().view().read(
                state -> PlanPreview.of(state, CoreSettings.DEFAULT, forced, nowMs));
        return switch (preview) {
            case PlanPreview.Refused(var why) ->
                throw new RequestRefused(Errors.of(why, x.backend().clusterId()));
            case PlanPreview.Planned(var steps) -> steps;
        };
    }

    /** Refuses a change of one app or pod that the cluster would refuse. */
    static void check(Exchange x, Command.AppChange change) {
        var unused = steps(x, new Command.SubmitApps(List.of(change), true));
    }

    static void ofOne(Exchange x, AppSpec spec) {
        x.json(200, json(x, x.backend().view().read(state -> find(state, spec))));
    }

    /** Of several apps, each for itself. */
    static void ofMany(Exchange x, List<AppSpec> specs) {
        ObjectNode body = Json.object();
        List<Found> all = new ArrayList<>();
        for (AppSpec spec : specs) {
            all.add(x.backend().view().read(state -> find(state, spec)));
        }
        body.put("fits", all.stream().allMatch(Found::fits));
        ArrayNode apps = body.putArray("apps");
        all.forEach(one -> apps.add(json(x, one)));
        x.json(200, body);
    }

    private static Found find(ClusterState state, AppSpec spec) {
        int kept = state.app(spec.id()).map(app -> kept(app, spec)).orElse(0);
        Forecast.Fit fit = Forecast.fit(state, PlacementPlugins.settings(), spec);
        Map<Integer, Integer> byRow = new TreeMap<>();
        for (int row : fit.agentRows()) {
            byRow.merge(row, 1, Integer::sum);
        }
        List<Share> shares = new ArrayList<>();
        byRow.forEach((row, count) -> shares.add(new Share(state.agents().spec(row).id().name(),
                state.agents().spec(row).hostname(), count)));
        return new Found(spec, kept, fit.placeable(), shares, new Funnel(spec, fit.why()));
    }

    /** Those that the forecast counts as there already. */
    private static int kept(AppState app, AppSpec spec) {
        if (!app.current().spec().shape().equals(spec.shape())) {
            return 0;
        }
        int kept = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            kept += app.instances().get(i).active() ? 1 : 0;
        }
        return kept;
    }

    private static ObjectNode json(Exchange x, Found found) {
        ObjectNode body = Json.object().put("app", found.spec().id().path())
                .put("fits", found.fits()).put("instances", found.spec().instances())
                .put("kept", found.kept()).put("placeable", found.placeable());
        ArrayNode agents = body.putArray("agents");
        found.shares().forEach(share -> agents.addObject().put("agent", share.agent())
                .put("host", share.host()).put("instances", share.instances()));
        body.set("rejections", found.funnel().json());
        if (!found.fits()) {
            found.funnel().putClosest(body);
        }
        body.put("sentence", sentence(found));
        body.set("definition", definition(x.backend().definitions(), found.spec()));
        return body;
    }

    /** What would be kept: all that the request leaves out is filled in, ports that are left to us are 0. */
    private static ObjectNode definition(AppDefinitions definitions, AppSpec spec) {
        AppVersion version = new AppVersion(spec, 0, 0, 0);
        ObjectNode definition = definitions.json(version);
        definition.remove(List.of("version", "versionInfo"));
        if (!PodJson.isPod(version)) {
            definition.set("placement", definitions.placement(version));
            definition.set("rollout", definitions.rollout(version));
        }
        return definition;
    }

    private static String sentence(Found found) {
        String kept = found.kept() == 0
                ? ""
                : Funnel.number(found.kept()) + " are there already; ";
        int wanted = found.wanted();
        if (wanted == 0) {
            return found.kept() == 0 ? "No instance is wanted." : kept + "no more are needed.";
        }
        String noun = wanted == 1 ? " instance" : " instances";
        if (found.fits()) {
            int agents = found.shares().size();
            return kept + (wanted == 1 ? "" : "all ") + Funnel.number(wanted) + noun
                    + " would fit, on "
                    + Funnel.number(agents) + (agents == 1 ? " agent." : " agents.");
        }
        return kept + Funnel.number(found.placeable()) + " of " + Funnel.number(wanted) + noun
                + " would fit; for one more: " + found.funnel().sentence() + ".";
    }
}
