package io.springtide.api.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deployments that are under way: Marathon's view of them, {@code /v2/deployments}, and ours, which
 * knows more, {@code /tide/v1/deployments}. Every call may throw {@link TideException}. For use by one
 * thread: it remembers whether the master has ours.
 */
public final class Deployments {
    private static final String OURS = "/tide/v1/deployments";
    private static final String UNKNOWN = "DeploymentPlan ";

    private final TideClient client;
    private boolean marathonOnly;

    Deployments(TideClient client) {
        this.client = client;
    }

    /** Marathon's list, unchanged. */
    public List<Json> listed() {
        return client.get("/v2/deployments").body().items();
    }

    /** All that are under way; from a master that is only a Marathon, with what that knows. */
    public List<Deployment> list() {
        if (!marathonOnly) {
            Optional<Json> found = TideClient.found(() -> client.get(OURS).body());
            if (found.isPresent()) {
                return found.get().get("deployments").items().stream().map(Deployment::of).toList();
            }
            marathonOnly = true;
        }
        List<Deployment> all = new ArrayList<>();
        listed().forEach(one -> all.add(Deployment.ofMarathon(one)));
        return all;
    }

    /** One of them; empty if it is over, or has never been. */
    public Optional<Deployment> find(String id) {
        if (!marathonOnly) {
            try {
                return Optional.of(Deployment.of(
                        client.get(OURS + "/" + TideClient.segment(id)).body()));
            } catch (TideException.Refused refused) {
                if (refused.status() != 404) {
                    throw refused;
                }
                if (String.valueOf(refused.getMessage()).startsWith(UNKNOWN)) {
                    return Optional.empty();
                }
                // It is not the deployment that is unknown, but the whole resource.
                marathonOnly = true;
            }
        }
        return listed().stream().filter(one -> one.get("id").text().equals(id)).findFirst()
                .map(Deployment::ofMarathon);
    }

    /** Holds it where it is; what has begun is finished. @throws TideException.Refused 409 if it cannot be */
    public Deployment pause(String id) {
        return act(id, "pause");
    }

    /** Lets a paused one go on. @throws TideException.Refused 409 if it is not paused */
    public Deployment resume(String id) {
        return act(id, "resume");
    }

    /** Takes the next stage of a canary or ends the old ones of a blue-green change. */
    public Deployment promote(String id) {
        return act(id, "promote");
    }

    /** Goes back to what was. @return the deployment that does it */
    public Reply abort(String id) {
        return client.post(OURS + "/" + TideClient.segment(id) + "/abort",
                new JsonObject().build());
    }

    /** Goes back to what was, in Marathon's words. @return the deployment that does it */
    public Reply cancel(String id) {
        return client.delete("/v2/deployments/" + TideClient.segment(id));
    }

    /** Just stops it: what is done stays done, and nothing is reverted. */
    public void stop(String id) {
        client.delete("/v2/deployments/" + TideClient.segment(id) + "?force=true");
    }

    private Deployment act(String id, String verb) {
        return Deployment.of(client.post(OURS + "/" + TideClient.segment(id) + "/" + verb,
                new JsonObject().build()).body());
    }
}
