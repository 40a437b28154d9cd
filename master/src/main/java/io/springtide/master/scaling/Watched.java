package io.springtide.master.scaling;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Target;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Resources;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An app with a policy, as the committed state has it at a moment.
 *
 * @param count how many are wanted
 * @param ready how many of them serve
 * @param launching how many are on their way there
 * @param members those that are ready, if their use is measured; else none
 * @param asked what each asks for
 * @param newest the policy's newest decision
 */
record Watched(AppId app, ScalingPolicy policy, int count, int ready, int launching,
        List<Member> members, Resources asked, Optional<ScalingDecision> newest) {

    /** One that is ready. */
    record Member(long number, AgentId agent) {}

    /** Apps that a policy decides on now: not those that are going, or that wait for others. */
    static List<Watched> all(ClusterState state) {
        List<Watched> all = new ArrayList<>();
        for (AppState app : state.apps().values()) {
            if (app.scaling().isPresent() && !app.leaving() && !app.awaiting()) {
                all.add(of(state, app, app.scaling().get()));
            }
        }
        return all;
    }

    private static Watched of(ClusterState state, AppState app, ScalingPolicy policy) {
        boolean used = policy.targets().stream().anyMatch(Watched::isOfUse);
        int ready = 0;
        int launching = 0;
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            if (!one.active()) {
                continue;
            }
            if (ready(state, one)) {
                ready++;
                if (used) {
                    members.add(new Member(one.number(),
                            state.agents().spec(one.agentRow()).id()));
                }
            } else if (one.seen().rank() <= Condition.RUNNING.rank()) {
                launching++;
            }
        }
        List<ScalingDecision> past = app.scalings();
        return new Watched(app.id(), policy, app.scaled(), ready, launching, members,
                app.current().spec().shape().resources(),
                past.isEmpty() ? Optional.empty() : Optional.of(past.getLast()));
    }

    static boolean isOfUse(Target target) {
        return target.kind() == Target.Kind.CPU || target.kind() == Target.Kind.MEMORY;
    }

    /** It serves, or would if somebody sent it something. */
    static boolean ready(ClusterState state, Instance one) {
        return one.active() && state.healthy(one)
                && (!one.version().spec().delivery().readinessChecked()
                        || one.readiness().ready());
    }
}
