package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What follows when somebody says how an app is to scale, and when its policy decides on a count. */
public final class ScalingDecisions {

    private final ClusterState state;

    public ScalingDecisions(ClusterState state) {
        this.state = state;
    }

    /** The app has this policy from now on; the count is within its bounds at once. */
    public Decision set(Command.SetScaling set, long nowMs) {
        Optional<AppState> present = present(set.app());
        if (present.isEmpty()) {
            return AppDecisions.unknown(set.app());
        }
        AppState app = present.get();
        ScalingPolicy policy = set.policy();
        List<Event> events = new ArrayList<>();
        if (policy.dryRun()) {
            Optional<Answer.Refused> refusal = giveBack(app, nowMs, events);
            if (refusal.isPresent()) {
                return new Decision(List.of(), refusal.get());
            }
        }
        if (app.scaling().filter(policy::equals).isPresent()) {
            return new Decision(List.of(), accepted(app));
        }
        int before = app.scaled();
        int count = policy.dryRun() ? before : policy.clamp(before);
        events.add(new Event.ScalingSet(app.id(), policy, count, nowMs));
        if (count != before) {
            events.add(new Event.AppScaled(app.id(), before, count,
                    new ScalingReason(ScalingReason.POLICY, "the policy allows "
                            + policy.min() + " to " + policy.max() + " instances"),
                    nowMs));
        }
        return new Decision(events, accepted(app));
    }

    /** The app has no policy any more; the count that it has decided last is now that of the app. */
    public Decision remove(Command.RemoveScaling remove, long nowMs) {
        Optional<AppState> present = present(remove.app());
        if (present.isEmpty()) {
            return AppDecisions.unknown(remove.app());
        }
        AppState app = present.get();
        if (app.scaling().isEmpty()) {
            return Decision.refused(Answer.Code.NOT_FOUND,
                    "App '" + app.id() + "' has no scaling policy");
        }
        List<Event> events = new ArrayList<>();
        Optional<Answer.Refused> refusal = giveBack(app, nowMs, events);
        if (refusal.isPresent()) {
            return new Decision(List.of(), refusal.get());
        }
        events.add(new Event.ScalingRemoved(app.id(), nowMs));
        return new Decision(events, accepted(app));
    }

    /** A version with the count that a policy has decided, which is to own it no longer. */
    private static Optional<Answer.Refused> giveBack(AppState app, long nowMs,
            List<Event> events) {
        if (!app.ownedByPolicy() || app.awaiting()
                || (app.scaled() == app.latest().spec().instances()
                        && app.scaled() == app.current().spec().instances())) {
            return Optional.empty();
        }
        if (app.latest().versionMs() != app.current().versionMs()) {
            return Optional.of(new Answer.Refused(Answer.Code.LOCKED,
                    "a later step of deployment " + app.deployment() + " changes app '" + app.id()
                            + "', and would change its count as well: wait for the deployment, or"
                            + " cancel it",
                    List.of(app.deployment())));
        }
        AppVersion before = app.current();
        long versionMs = AppDecisions.versionMs(app, nowMs);
        events.add(new Event.AppVersioned(new AppVersion(
                before.spec().withInstances(app.scaled()), versionMs, versionMs,
                before.configuredMs())));
        return Optional.empty();
    }

    /** The policy has decided on a count. */
    public Decision scale(Command.Scale scale, long nowMs) {
        Optional<AppState> present = present(scale.app());
        if (present.isEmpty()) {
            return AppDecisions.unknown(scale.app());
        }
        AppState app = present.get();
        if (app.scaling().isEmpty()) {
            return Decision.refused(Answer.Code.CONFLICT, "App '" + app.id()
                    + "' has no scaling policy that could decide on its count; set its"
                    + " instances instead");
        }
        int count = app.scaling().get().clamp(scale.count());
        Event scaled = new Event.AppScaled(app.id(), app.scaled(), count, scale.reason(), nowMs);
        boolean news = app.ownedByPolicy() ? count != app.scaled() : newOnTrial(app, count);
        return new Decision(news ? List.of(scaled) : List.of(), accepted(app));
    }

    /** Somebody has ended instances and wants them no longer: the policy's bounds hold all the same. */
    static Optional<Event> killed(AppState app, int many, long nowMs) {
        int count = app.scaling().orElseThrow().clamp(Math.max(0, app.scaled() - many));
        return count == app.scaled()
                ? Optional.empty()
                : Optional.of(new Event.AppScaled(app.id(), app.scaled(), count,
                        new ScalingReason(ScalingReason.USER,
                                many + " instances were killed and are wanted no longer"),
                        nowMs));
    }

    /** What a policy on trial says again is written down once. */
    private static boolean newOnTrial(AppState app, int count) {
        List<ScalingDecision> said = app.scalings();
        if (said.isEmpty()) {
            return count != app.scaled();
        }
        ScalingDecision last = said.getLast();
        return !last.dryRun() || last.from() != app.scaled() || last.to() != count;
    }

    private Optional<AppState> present(AppId id) {
        return state.app(id).filter(app -> !app.leaving());
    }

    private static Answer accepted(AppState app) {
        return new Answer.Accepted(0, app.current().versionMs(), List.of());
    }
}
