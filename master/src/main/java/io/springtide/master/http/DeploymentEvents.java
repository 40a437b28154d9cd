package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.event.Event;
import io.springtide.core.model.Deployment;
import io.springtide.core.state.ClusterState;
import java.util.function.Predicate;

/**
 * What becomes of deployments, in the words of Marathon's events: each step is told of when it begins and
 * when it is done, those included that only Marathon's shape has. On the thread that facts are heard on.
 */
final class DeploymentEvents {

    private final Predicate<String> shows;
    private final Frames out;

    /** Takes an event on its way to whoever wants it. */
    interface Frames {
        void emit(String type, ObjectNode body, long atMs);
    }

    /**
     * Of deployments.
     *
     * @param shows whether an event is worth its body; asked once for each that it is asked for
     */
    DeploymentEvents(Predicate<String> shows, Frames out) {
        this.shows = shows;
        this.out = out;
    }

    /** It is under way; the state has it. */
    void started(Deployment deployment, ClusterState state) {
        DeploymentView view = DeploymentView.of(state, deployment);
        begun(view, 0, deployment.versionMs());
        out.emit(EventTypes.GROUP_CHANGE_SUCCESS, Json.object().put("groupId", view.group())
                .put("version", Timestamps.format(deployment.versionMs())),
                deployment.versionMs());
    }

    /** Another step is to begin; the state still has the one before. */
    void advanced(Event.DeploymentAdvanced advanced, ClusterState state) {
        state.deployment(advanced.number()).ifPresent(deployment -> {
            DeploymentView before = DeploymentView.of(state, deployment);
            done(before, before.steps().current(), advanced.atMs());
            begun(DeploymentView.of(state, deployment.withStep(advanced.step())),
                    before.steps().current() + 1, advanced.atMs());
        });
    }

    /** It is over; the state still has it. */
    void ended(Event.DeploymentEnded ended, ClusterState state) {
        state.deployment(ended.number()).ifPresent(deployment -> {
            DeploymentView view = DeploymentView.of(state, deployment);
            switch (ended.outcome()) {
                case SUCCEEDED -> {
                    if (!view.steps().all().isEmpty()) {
                        done(view, view.steps().current(), ended.atMs());
                    }
                    if (shows.test(EventTypes.DEPLOYMENT_SUCCESS)) {
                        out.emit(EventTypes.DEPLOYMENT_SUCCESS, body(view), ended.atMs());
                    }
                }
                case CANCELLED, FAILED -> {
                    if (shows.test(EventTypes.DEPLOYMENT_FAILED)) {
                        out.emit(EventTypes.DEPLOYMENT_FAILED,
                                body(view).put("reason", ended.reason().isEmpty()
                                        ? "cancelled, or replaced by a newer deployment"
                                        : ended.reason()),
                                ended.atMs());
                    }
                }
            }
        });
    }

    private static ObjectNode body(DeploymentView view) {
        ObjectNode body = Json.object().put("id", view.id());
        body.set("plan", DeploymentJson.plan(view));
        return body;
    }

    /** Those from {@code first} to the one under way begin; all but that have nothing to wait for. */
    private void begun(DeploymentView view, int first, long atMs) {
        for (int step = first; step <= view.steps().current(); step++) {
            tell(EventTypes.DEPLOYMENT_INFO, view, step, atMs);
            if (step < view.steps().current()) {
                done(view, step, atMs);
            }
        }
    }

    private void done(DeploymentView view, int step, long atMs) {
        tell(EventTypes.DEPLOYMENT_STEP_SUCCESS, view, step, atMs);
    }

    private void tell(String type, DeploymentView view, int step, long atMs) {
        if (shows.test(type)) {
            ObjectNode body = Json.object();
            body.set("plan", DeploymentJson.plan(view));
            body.set("currentStep", DeploymentJson.step(view, step));
            out.emit(type, body, atMs);
        }
    }
}
