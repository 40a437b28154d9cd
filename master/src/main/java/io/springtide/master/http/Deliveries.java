package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RolloutTerms;
import io.springtide.core.model.Delivery;
import java.util.List;

/** From what a client writes about changes of an app to what the core goes by. */
final class Deliveries {

    private static final long MS_PER_SECOND = 1_000;
    private static final int PPM_PER_PERCENT = 10_000;

    private Deliveries() {}

    static Delivery of(App app) {
        return of(app.rollout().terms(), app.dependencies(),
                !app.checks().readinessChecks().isEmpty());
    }

    /**
     * As the core has it.
     *
     * @param dependencies apps, pods and groups that are to be in place first
     * @param readinessChecked whether a new instance counts only once it has said that it is ready
     */
    static Delivery of(RolloutTerms terms, List<PathId> dependencies, boolean readinessChecked) {
        return new Delivery(dependencies.stream().map(PathId::path).toList(), readinessChecked,
                terms.isBlueGreen() ? Delivery.Strategy.BLUE_GREEN : Delivery.Strategy.ROLLING,
                terms.canary().stream().map(Deliveries::stage).toList(), terms.isPromotedByHand(),
                terms.deadlineSeconds().orElse(0) * MS_PER_SECOND, terms.goesBackOnDeadline(),
                terms.rollback().map(limit -> new Delivery.Guard(limit.failures(),
                        limit.windowSeconds() * MS_PER_SECOND)).orElse(Delivery.Guard.NONE));
    }

    private static Delivery.Stage stage(RolloutTerms.Stage stage) {
        long pauseMs = switch (stage.pause()) {
            case RolloutTerms.Pause.None() -> 0;
            case RolloutTerms.Pause.UntilPromoted() -> Delivery.Stage.BY_HAND;
            case RolloutTerms.Pause.Seconds(int seconds) -> seconds * MS_PER_SECOND;
        };
        return switch (stage.size()) {
            case RolloutTerms.Size.Instances(int count) -> new Delivery.Stage(count, 0, pauseMs);
            case RolloutTerms.Size.Percent(int percent) ->
                new Delivery.Stage(-1, percent * PPM_PER_PERCENT, pauseMs);
        };
    }
}
