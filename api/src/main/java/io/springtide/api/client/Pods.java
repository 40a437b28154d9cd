package io.springtide.api.client;

import java.util.List;
import java.util.Optional;

/**
 * Pods, {@code /v2/pods}: containers that share an agent, a network and a life. Every call may throw
 * {@link TideException}.
 */
public final class Pods {
    private final TideClient client;

    Pods(TideClient client) {
        this.client = client;
    }

    /** All definitions. */
    public List<Json> list() {
        return client.get("/v2/pods").body().items();
    }

    /** All pods as they are, each with its instances and its definition in {@code spec}. */
    public List<Json> statuses() {
        return client.get("/v2/pods::status").body().items();
    }

    /** A definition; empty if there is none. */
    public Optional<Json> find(String id) {
        return TideClient.found(() -> client.get(path(id)).body());
    }

    /** What would become of a pod by a definition, and whether it would fit; changes nothing. */
    public Json rehearse(String id, Json pod) {
        return client.put(path(id) + "?dryRun=true", pod).body();
    }

    /** A pod as it is; empty if there is none. */
    public Optional<Json> status(String id) {
        return TideClient.found(() -> client.get(path(id) + "::status").body());
    }

    /** Its versions, newest first. */
    public List<String> versions(String id) {
        return Apps.newestFirst(client.get(path(id) + "::versions").body());
    }

    /** The definition of a version. */
    public Json version(String id, String version) {
        return client.get(path(id) + "::versions/" + TideClient.segment(version)).body();
    }

    /** Creates a pod. @throws TideException.Refused with 409 if it exists */
    public Reply create(Json pod, boolean force) {
        return client.post("/v2/pods" + (force ? "?force=true" : ""), pod);
    }

    /** Replaces a definition. @throws TideException.Refused with 404 if there is none */
    public Reply replace(String id, Json pod, boolean force) {
        return client.put(path(id) + (force ? "?force=true" : ""), pod);
    }

    /** Removes a pod. */
    public Reply remove(String id, boolean force) {
        return client.delete(path(id) + (force ? "?force=true" : ""));
    }

    /** Ends one instance, which is replaced. @return the instance as it was */
    public Json kill(String id, String instanceId) {
        return client.delete(path(id) + "::instances/" + TideClient.segment(instanceId)).body();
    }

    private static String path(String id) {
        return "/v2/pods" + TideClient.appPath(id);
    }
}
