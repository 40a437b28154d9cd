package io.springtide.api.client;

import java.util.List;
import java.util.Optional;

/**
 * Groups, {@code /v2/groups}: trees of apps that are changed together. The root is {@code /}. Every call
 * may throw {@link TideException}. What changes something answers with the deployment that carries it
 * out; what ends in {@code Steps} changes nothing and says what would be done.
 */
public final class Groups {
    /** With named embeds a server shows only what is named, so all parts are. */
    private static final String WHOLE = "?embed=group.groups&embed=group.apps&embed=group.pods"
            + "&embed=group.apps.counts&embed=group.apps.deployments";

    private final TideClient client;

    Groups(TideClient client) {
        this.client = client;
    }

    /** The group with everything below it and the counts of its apps; empty if there is none. */
    public Optional<Json> find(String id) {
        return TideClient.found(() -> get(id));
    }

    /** As {@link #find}. @throws TideException.Refused with 404 if there is none */
    public Json get(String id) {
        return client.get(path(id) + WHOLE).body();
    }

    /** Creates a group. @throws TideException.Refused with 409 if it exists */
    public Reply create(Json group, boolean force) {
        return client.post("/v2/groups" + (force ? "?force=true" : ""), group);
    }

    /** Makes a group what the definition says, creating it if need be; lists in it are whole lists. */
    public Reply apply(String id, Json group, boolean force) {
        return client.put(path(id) + (force ? "?force=true" : ""), group);
    }

    /** The steps that {@link #apply} would take: a list of objects with {@code actions}. */
    public List<Json> applySteps(String id, Json group) {
        return client.put(path(id) + "?dryRun=true", group).body().get("steps").items();
    }

    /** Multiplies the instances of all apps by a number, 0 or more; rounded up. */
    public Reply scaleBy(String id, Json factor, boolean force) {
        return apply(id, new JsonObject().with("scaleBy", factor).build(), force);
    }

    /** The steps that {@link #scaleBy} would take. */
    public List<Json> scaleBySteps(String id, Json factor) {
        return applySteps(id, new JsonObject().with("scaleBy", factor).build());
    }

    /** Takes a group back to a version. */
    public Reply rollback(String id, String version, boolean force) {
        return apply(id, new JsonObject().with("version", version).build(), force);
    }

    /** The steps that {@link #rollback} would take. */
    public List<Json> rollbackSteps(String id, String version) {
        return applySteps(id, new JsonObject().with("version", version).build());
    }

    /** Removes a group with everything below it; of the root, everything there is. */
    public Reply remove(String id, boolean force) {
        return client.delete(path(id) + (force ? "?force=true" : ""));
    }

    /** Its versions, newest first. */
    public List<String> versions(String id) {
        return Apps.newestFirst(client.get(path(id) + "/versions").body());
    }

    /** The group as it was. */
    public Json version(String id, String version) {
        return client.get(path(id) + "/versions/" + TideClient.segment(version)).body();
    }

    private static String path(String id) {
        return "/v2/groups" + TideClient.appPath(id);
    }
}
