package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.MarathonError.Problem;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.command.Answer;
import java.util.List;

/** What goes wrong, in Marathon's words. Clients compare some of these texts: they are API. */
final class Errors {

    private Errors() {}

    static RequestRefused badRequest(String message) {
        return refused(400, message);
    }

    static RequestRefused refused(int status, String message) {
        return new RequestRefused(MarathonError.of(status, message));
    }

    /** The kind that carries an empty list beside its message. */
    static RequestRefused notFoundWithDetails(String message) {
        return new RequestRefused(
                new MarathonError(404, message, new MarathonError.Details.Problems(List.of())));
    }

    static RequestRefused appUnknown(String path) {
        return refused(404, "App '" + path + "' does not exist");
    }

    static RequestRefused podUnknown(String path) {
        return refused(404, "Pod '" + path + "' does not exist");
    }

    static RequestRefused taskUnknown(String id) {
        return notFoundWithDetails("Task '" + id + "' does not exist");
    }

    static RequestRefused deploymentUnknown(String id) {
        return notFoundWithDetails("DeploymentPlan " + id + " does not exist");
    }

    /** A rule that the definition breaks as a whole. */
    static RequestRefused notValid(String path, String error) {
        return new RequestRefused(new MarathonError(422, "Object is not valid",
                new MarathonError.Details.Problems(List.of(new Problem(path, List.of(error))))));
    }

    static RequestRefused malformedId() {
        return new RequestRefused(new MarathonError(422, "Invalid JSON",
                new MarathonError.Details.Problems(
                        List.of(new Problem("/id", List.of("error.pattern"))))));
    }

    /** Why the cluster does not grant a command. Never 5xx: clients take that for a dead server. */
    static MarathonError of(Answer.Refused refusal, String clusterId) {
        return switch (refusal.code()) {
            case NOT_FOUND -> MarathonError.of(404, refusal.detail());
            case EXISTS, STALE, EXHAUSTED, AGENT_REFUSED, CONFLICT ->
                MarathonError.of(409, refusal.detail());
            case INVALID -> notValid(refusal.path(), refusal.detail()).error();
            case LOCKED -> MarathonError.locked(refusal.deployments().stream()
                    .map(number -> DeploymentIds.text(clusterId, number)).toList());
        };
    }
}
