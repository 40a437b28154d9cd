package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.state.ClusterState;
import java.util.List;

/** What would come of a change of apps and groups, found by what decides on it. Changes nothing. */
public sealed interface PlanPreview {

    /** A deployment in these steps; none if nothing would change. */
    record Planned(List<List<DeploymentAction>> steps) implements PlanPreview {

        public Planned {
            steps = steps.stream().map(List::copyOf).toList();
        }
    }

    /** Nothing, for this reason. */
    record Refused(Answer.Refused why) implements PlanPreview {}

    /** Looks at a state; deployments that are in the way count only if the change is not forced. */
    static PlanPreview of(ClusterState state, CoreSettings settings, Command.SubmitApps submit,
            long nowMs) {
        var decision = new AppDecisions(state, settings).submit(submit, nowMs);
        if (decision.answer() instanceof Answer.Refused refused) {
            return new Refused(refused);
        }
        for (Event event : decision.events()) {
            if (event instanceof Event.DeploymentStarted started) {
                return new Planned(started.deployment().steps());
            }
        }
        return new Planned(List.of());
    }
}
