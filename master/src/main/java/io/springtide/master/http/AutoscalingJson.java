package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.elasticity.Behaviour;
import io.springtide.core.elasticity.Recommendation;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Schedule;
import io.springtide.core.elasticity.ScheduleWindow;
import io.springtide.core.elasticity.Target;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.scaling.Reading;
import io.springtide.master.scaling.Simulation;
import io.springtide.master.scaling.Standing;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Autoscaling policies, how they stand, and what they have decided. */
final class AutoscalingJson {

    private static final double MILLI = 1e3;
    private static final double PPM = 1e6;
    private static final long MS = 1_000;

    private AutoscalingJson() {}

    /** The answer to a GET. */
    static ObjectNode write(AutoscalingView view, Optional<Standing> standing,
            Optional<Progress> prefetch, long nowMs) {
        ObjectNode node = Json.object().put("app", view.app());
        node.set("policy", policy(view.policy()));
        ObjectNode state = node.putObject("state").put("owns", view.owns()).put("wanted",
                view.wanted());
        standing.ifPresent(now -> state(state, view, now, nowMs));
        prefetch.ifPresent(progress -> prefetch(state.putObject("prefetch"), progress));
        if (!view.decisions().isEmpty()) {
            decision(node.putObject("decision"), view.decisions().getLast());
        }
        return node.put("sentence", sentence(view, standing));
    }

    // ------------------------------------------------------------ the policy

    /** As a client may have written it, every default said. */
    static ObjectNode policy(ScalingPolicy policy) {
        ObjectNode node = Json.object().put("min", policy.min()).put("max", policy.max());
        ArrayNode targets = node.putArray("targets");
        policy.targets().forEach(target -> target(targets.addObject(), target));
        number(node, "tolerance", policy.tolerancePpm() / PPM);
        behaviour(node.putObject("up"), policy.up());
        behaviour(node.putObject("down"), policy.down());
        ArrayNode schedules = node.putArray("schedules");
        policy.schedules().forEach(one -> schedule(schedules.addObject(), one));
        policy.burst().ifPresentOrElse(burst -> {
            ObjectNode some = node.putObject("burst").put("windowSeconds", burst.windowMs() / MS);
            number(some, "factor", burst.factorMilli() / MILLI);
            some.put("holdSeconds", burst.holdMs() / MS);
        }, () -> node.put("burst", false));
        ObjectNode standby = node.putObject("standby");
        if (policy.standby().percent() > 0) {
            standby.put("percent", policy.standby().percent());
        } else {
            standby.put("count", policy.standby().count());
        }
        return node.put("dryRun", policy.dryRun());
    }

    private static void target(ObjectNode node, Target target) {
        node.put("metric", word(target.kind()));
        number(node, "value", target.valueMilli() / MILLI);
        if (target.kind() == Target.Kind.PROMQL) {
            node.put("query", target.query()).put("perInstance",
                    target.measure() == Target.Measure.AVERAGE);
        }
    }

    private static void behaviour(ObjectNode node, Behaviour behaviour) {
        node.put("stabilizationSeconds", behaviour.stabilisationMs() / MS);
        ArrayNode steps = node.putArray("steps");
        for (Behaviour.Step step : behaviour.steps()) {
            steps.addObject()
                    .put(step.unit() == Behaviour.Unit.PERCENT ? "percent" : "instances",
                            step.amount())
                    .put("periodSeconds", step.periodMs() / MS);
        }
        node.put("select", word(behaviour.select()));
    }

    private static void schedule(ObjectNode node, Schedule schedule) {
        node.put("name", schedule.name()).put("cron", schedule.cron())
                .put("zone", schedule.zone()).put("instances", schedule.count())
                .put("durationSeconds", schedule.durationMs() / MS)
                .put("rampSeconds", schedule.rampMs() / MS)
                .put("leadSeconds", schedule.leadMs() / MS);
    }

    /** 100, not 100.0. */
    private static void number(ObjectNode node, String name, double value) {
        if (value == Math.rint(value)) {
            node.put(name, (long) value);
        } else {
            node.put(name, value);
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    // ------------------------------------------------------------ how it stands

    private static void state(ObjectNode node, AutoscalingView view, Standing now, long nowMs) {
        node.put("ready", now.seen().ready()).put("launching", now.seen().launching());
        node.putObject("standbys").put("wanted", view.policy().standby().of(view.wanted()))
                .put("frozen", view.frozen());
        node.put("asked", now.verdict().count()).put("frozen", now.verdict().frozen());
        if (now.frozenSinceMs() != 0) {
            node.put("frozenSince", Timestamps.format(now.frozenSinceMs()));
        }
        now.trouble().ifPresent(why -> node.put("trouble", why));
        ArrayNode metrics = node.putArray("metrics");
        for (int i = 0; i < now.readings().size(); i++) {
            metric(metrics.addObject(), now.readings().get(i), "/targets(" + i + ")",
                    now.verdict().recommendations(), nowMs);
        }
        ArrayNode schedules = node.putArray("schedules");
        for (ScheduleWindow window : now.seen().windows()) {
            schedules.addObject().put("name", window.name())
                    .put("begins", Timestamps.format(window.beginMs()))
                    .put("from", Timestamps.format(window.fromMs()))
                    .put("to", Timestamps.format(window.toMs()))
                    .put("instances", window.count())
                    .put("asks", window.floor(view.policy().min(), now.atMs()));
        }
        now.verdict().recommendations().stream().filter(one -> one.path().equals("/burst"))
                .findFirst().ifPresent(flood -> node.put("burst", flood.note()));
        node.put("at", Timestamps.format(now.atMs()));
    }

    /** What the next schedule will need, on its way to the agents. */
    private static void prefetch(ObjectNode node, Progress progress) {
        node.put("schedule", progress.occasion().schedule())
                .put("begins", Timestamps.format(progress.occasion().beginMs()))
                .put("from", Timestamps.format(progress.occasion().fromMs()))
                .put("what", progress.what())
                .put("missing", progress.occasion().missing())
                .put("placeable", progress.placeable())
                .put("agents", progress.agents()).put("done", progress.done())
                .put("fetching", progress.fetching()).put("failed", progress.failed())
                .put("bytesDone", progress.bytesDone()).put("bytesTotal", progress.bytesTotal());
        ArrayNode failures = node.putArray("failures");
        progress.failures().forEach(one -> failures.addObject().put("agent", one.agent().name())
                .put("error", one.error()));
        node.put("sentence", progress.sentence() + ".");
    }

    private static void metric(ObjectNode node, Reading reading, String path,
            List<Recommendation> recommendations, long nowMs) {
        target(node, reading.target());
        // The target's own value is the aim here; what was measured is the value.
        node.set("target", node.remove("value"));
        reading.sample().ifPresentOrElse(sample -> {
            if (Double.isFinite(sample.value())) {
                number(node, "value", Math.round(sample.value() * MILLI) / MILLI);
            } else {
                node.put("value", Double.toString(sample.value()));
            }
            number(node, "ageSeconds", Math.max(0, nowMs - sample.atMs()) / MILLI);
        }, () -> node.putNull("value"));
        recommendations.stream().filter(one -> one.path().equals(path)).findFirst()
                .ifPresent(one -> {
                    if (one.count().isPresent()) {
                        node.put("asks", one.count().getAsInt());
                    } else {
                        node.putNull("asks");
                    }
                    node.put("sentence",
                            reading.fault().isEmpty() ? one.note() : reading.fault());
                });
    }

    private static String sentence(AutoscalingView view, Optional<Standing> standing) {
        String owner = view.owns()
                ? "The policy decides on the count of " + view.app() + ": " + view.wanted()
                        + " instances are wanted"
                : "The policy is on trial and changes nothing: the definition of " + view.app()
                        + " asks for " + view.wanted() + " instances";
        if (standing.isEmpty()) {
            return owner + "; nothing has been measured yet.";
        }
        Standing now = standing.get();
        String ready = ", " + now.seen().ready() + " are ready";
        if (now.verdict().frozen()) {
            return owner + ready + ". It does not shrink: "
                    + now.trouble().orElse("not all that is measured can be believed") + ".";
        }
        return owner + ready + ". " + now.trouble().map(why -> why + ".")
                .orElse("Now: " + now.verdict().sentence() + ".");
    }

    // ------------------------------------------------------------ what it has decided

    /** Newest first. */
    static ObjectNode history(AutoscalingView view) {
        ObjectNode node = Json.object().put("app", view.app());
        ArrayNode list = node.putArray("decisions");
        view.decisions().reversed().forEach(one -> decision(list.addObject(), one));
        return node;
    }

    private static void decision(ObjectNode node, ScalingDecision one) {
        node.put("at", Timestamps.format(one.atMs())).put("from", one.from()).put("to", one.to())
                .put("dryRun", one.dryRun());
        reason(node, one.reason());
    }

    /** Why a count was changed. */
    static void reason(ObjectNode node, ScalingReason reason) {
        node.put("kind", reason.kind()).put("sentence", reason.sentence());
        ObjectNode numbers = node.putObject("numbers");
        reason.numbers().forEach(numbers::put);
    }

    /** The answer to a simulation. */
    static ObjectNode simulated(ScalingPolicy policy, Simulation.Result result) {
        ObjectNode node = Json.object();
        ArrayNode decisions = node.putArray("decisions");
        for (Simulation.Change change : result.changes()) {
            ObjectNode one = decisions.addObject().put("at", change.atSeconds())
                    .put("from", change.from()).put("to", change.to());
            reason(one, change.reason());
        }
        ArrayNode points = node.putArray("points");
        for (Simulation.Moment moment : result.moments()) {
            ObjectNode point = points.addObject();
            number(point, "at", moment.atSeconds());
            point.put("wanted", moment.wanted()).put("ready", moment.ready()).put("frozen",
                    moment.frozen());
            moment.load().ifPresent(load -> number(point, "load", load));
            moment.capacity().ifPresent(capacity -> number(point, "capacity", capacity));
        }
        return node.put("most", result.most()).put("overloadSeconds", result.overloadSeconds())
                .put("min", policy.min()).put("max", policy.max());
    }
}
