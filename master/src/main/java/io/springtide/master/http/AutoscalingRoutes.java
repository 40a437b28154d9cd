package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.ScalingDefinition;
import io.springtide.api.marathon.ScalingSeries;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.master.scaling.Policies;
import io.springtide.master.scaling.ScheduleCheck;
import io.springtide.master.scaling.Simulation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** {@code /v2/apps/{id}/autoscaling}: how many instances an app is to have as its load changes. */
final class AutoscalingRoutes implements Routes {

    private static final String WORD = "autoscaling";

    /** Years of schedules, and days of seconds: whoever asks for many of them must not get all processors. */
    private final SlowWork slow = new SlowWork(WORD);

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (path.equals(List.of("tide", "v1", WORD, "simulate"))) {
            return Resource.at("/tide/v1/autoscaling/simulate")
                    .post(x -> simulate(x, Optional.empty())).found();
        }
        if (!AppPaths.startsWith(path, "v2", "apps")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        int last = names.size() - 1;
        if (last >= 1 && names.get(last).equals(WORD)) {
            List<String> id = names.subList(0, last);
            return Resource.at("/v2/apps/{id}/autoscaling").leaderOnly().get(x -> show(x, id))
                    .put(x -> set(x, id)).delete(x -> remove(x, id)).found();
        }
        if (last >= 2 && names.get(last - 1).equals(WORD)) {
            List<String> id = names.subList(0, last - 1);
            if (names.get(last).equals("history")) {
                return Resource.at("/v2/apps/{id}/autoscaling/history").get(x -> history(x, id))
                        .found();
            }
            if (names.get(last).equals("simulate")) {
                return Resource.at("/v2/apps/{id}/autoscaling/simulate")
                        .post(x -> simulate(x, Optional.of(id))).found();
            }
        }
        return Optional.empty();
    }

    private static Optional<AppState> app(ClusterState state, AppId id) {
        return state.app(id).filter(PodJson::isApp).filter(app -> !app.leaving());
    }

    private static AppId existing(Exchange x, List<String> names) {
        AppId id = AppPaths.existing(names);
        if (!x.backend().view().<Boolean>read(state -> app(state, id).isPresent())) {
            throw Errors.appUnknown(id.path());
        }
        return id;
    }

    private static RequestRefused none(AppId id) {
        return Errors.refused(404, "App '" + id + "' has no autoscaling policy; PUT one to /v2/apps"
                + id.path() + "/autoscaling");
    }

    // ------------------------------------------------------------ the policy

    private static void show(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        x.json(200, json(x, id).orElseThrow(() -> none(id)));
    }

    private static Optional<ObjectNode> json(Exchange x, AppId id) {
        return x.backend().view().read(state -> app(state, id).flatMap(AutoscalingView::of))
                .map(view -> AutoscalingJson.write(view, x.backend().scaling().standing(id),
                        x.backend().scaling().prefetch(id), x.backend().clock().millis()));
    }

    private void set(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        JsonNode body = JsonInput.parse(x.body());
        long nowMs = x.backend().clock().millis();
        aside(x, () -> policy(body, nowMs),
                policy -> x.submit(new Command.SetScaling(id, policy), answer -> {
                    x.backend().scaling().look();
                    // Removed again by now: what was set is still the answer.
                    x.json(200, json(x, id).orElseGet(() -> {
                        ObjectNode set = Json.object().put("app", id.path());
                        set.set("policy", AutoscalingJson.policy(policy));
                        return set;
                    }));
                }));
    }

    private static ScalingPolicy policy(JsonNode body, long nowMs) {
        ScalingDefinition given = ScalingDefinition.read(body, new ScheduleCheck(nowMs));
        try {
            return Policies.of(given);
        } catch (IllegalArgumentException beyondTheCore) {
            String[] fault = String.valueOf(beyondTheCore.getMessage()).split(": ", 2);
            throw Errors.notValid(fault[0], fault[fault.length - 1]);
        }
    }

    /** A policy within another document: what is wrong with it is told by the path in there. */
    private static ScalingPolicy inner(JsonNode body, long nowMs) {
        try {
            return policy(body, nowMs);
        } catch (RequestRefused refused) {
            MarathonError error = refused.error();
            if (!(error.details() instanceof MarathonError.Details.Problems faults)) {
                throw refused;
            }
            throw new RequestRefused(new MarathonError(error.status(), error.message(),
                    new MarathonError.Details.Problems(faults.problems().stream()
                            .map(one -> new MarathonError.Problem("/policy"
                                    + (one.path().equals("/") ? "" : one.path()), one.errors()))
                            .toList())));
        }
    }

    private static void remove(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        x.submit(new Command.RemoveScaling(id), answer -> x.empty(204));
    }

    private static void history(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        AutoscalingView view = x.backend().view()
                .read(state -> app(state, id).flatMap(AutoscalingView::of))
                .orElseThrow(() -> none(id));
        x.json(200, AutoscalingJson.history(view));
    }

    // ------------------------------------------------------------ trying

    private void simulate(Exchange x, Optional<List<String>> names) {
        Optional<AppId> id = names.map(some -> existing(x, some));
        JsonNode body = JsonInput.parse(x.body());
        long nowMs = x.backend().clock().millis();
        Optional<ScalingPolicy> own = id.flatMap(app -> x.backend().view()
                .read(state -> app(state, app).flatMap(AppState::scaling)));
        aside(x, () -> {
            ScalingSeries series = ScalingSeries.read(body);
            ScalingPolicy policy = series.policy().isMissingNode()
                    ? own.orElseThrow(() -> id.map(AutoscalingRoutes::none)
                            .orElseGet(() -> Errors.notValid("/policy", "must be there")))
                    : inner(series.policy(), nowMs);
            return AutoscalingJson.simulated(policy, Simulation.run(policy, series, nowMs));
        }, result -> x.json(200, result));
    }

    /** On a thread of its own, and back. */
    private <T> void aside(Exchange x, Supplier<T> work, Consumer<T> next) {
        Optional<CompletableFuture<T>> taken = slow.submit(work);
        if (taken.isEmpty()) {
            x.response().putHeader("Retry-After", "5");
            x.fail(MarathonError.of(503, "This master is working on too many policies and"
                    + " simulations already; nothing has changed. Try again in a few seconds"));
            return;
        }
        x.whenDone(taken.get(), next, failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                    ? failure.getCause()
                    : failure;
            if (cause instanceof RequestRefused refused) {
                throw refused;
            }
            x.broken(cause);
        });
    }
}
