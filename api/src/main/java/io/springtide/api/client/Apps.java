package io.springtide.api.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Apps, {@code /v2/apps}: what they are, their versions, and how traffic is shared out between versions.
 * Every call may throw {@link TideException}; 404 is empty only where an {@link Optional} says so.
 */
public final class Apps {
    /** Shows our own parts of a definition too, which clients of Marathon must not see unasked. */
    static final String WHOLE = "?embed=placement&embed=rollout";

    private final TideClient client;

    Apps(TideClient client) {
        this.client = client;
    }

    /** The app as it is, with counts; empty if there is none. */
    public Optional<Json> find(String id) {
        return TideClient.found(() -> client.get(path(id)).body().get("app"));
    }

    /** What would become of apps by complete definitions, and whether each would fit; changes nothing. */
    public List<Json> rehearse(List<Json> apps) {
        return client.put("/v2/apps?partialUpdate=false&dryRun=true", Json.array(apps)).body()
                .get("apps").items();
    }

    /** The same with the objects {@code placement} and {@code rollout}. */
    public Optional<Json> findWhole(String id) {
        return TideClient.found(() -> client.get(path(id) + WHOLE).body().get("app"));
    }

    /** Its versions, newest first. @throws TideException.Refused with 404 if there is no such app */
    public List<String> versions(String id) {
        return newestFirst(client.get(path(id) + "/versions").body().get("versions"));
    }

    /** The whole definition of a version. @throws TideException.Refused with 404 if there is none */
    public Json version(String id, String version) {
        return client.get(path(id) + "/versions/" + TideClient.segment(version) + WHOLE).body();
    }

    /** Traffic weights: a list of objects with {@code version} and {@code weight}; empty if none are set. */
    public List<Json> weights(String id) {
        return client.get(weightsPath(id)).body().get("weights").items();
    }

    /** Replaces all traffic weights of an app. @return the weights that hold now */
    public List<Json> setWeights(String id, Map<String, Long> weights) {
        List<Json> list = new ArrayList<>();
        weights.forEach((version, weight) -> list.add(
                new JsonObject().with("version", version).with("weight", weight).build()));
        return client.put(weightsPath(id),
                new JsonObject().with("weights", Json.array(list)).build()).body().get("weights")
                .items();
    }

    /** Versions are timestamps of one format: their order as text is their order in time. */
    static List<String> newestFirst(Json list) {
        List<String> versions = new ArrayList<>();
        for (Json version : list.items()) {
            versions.add(version.text());
        }
        versions.sort(Comparator.reverseOrder());
        return versions;
    }

    private static String path(String id) {
        return "/v2/apps" + TideClient.appPath(id);
    }

    private static String weightsPath(String id) {
        return "/tide/v1/apps" + TideClient.appPath(id) + "/weights";
    }
}
