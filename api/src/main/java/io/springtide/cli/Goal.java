package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.List;
import java.util.Optional;

/**
 * What a deployment is to bring about, and how far it is.
 *
 * @param name as messages call it, such as an app's id
 * @param explain the command that says more
 * @param blockable the app whose want of room can be asked for; empty if it is no single app
 * @param look reads how far it is
 */
record Goal(String name, String explain, Optional<String> blockable, Look look) {
    /** Reads the state of things. */
    interface Look {
        Progress progress(TideClient client);
    }

    /**
     * How far things are, in instances.
     *
     * @param exists false once what was asked about is gone
     */
    record Progress(boolean exists, long wanted, long running, long staged, long healthy,
            long unhealthy) {
        static final Progress GONE = new Progress(false, 0, 0, 0, 0, 0);

        static Progress of(Json app) {
            return new Progress(true, app.get("instances").asLong(),
                    app.get("tasksRunning").asLong(), app.get("tasksStaged").asLong(),
                    app.get("tasksHealthy").asLong(), app.get("tasksUnhealthy").asLong());
        }

        boolean reached() {
            return !exists || running >= wanted;
        }

        Progress plus(Progress other) {
            return new Progress(exists || other.exists, wanted + other.wanted,
                    running + other.running, staged + other.staged, healthy + other.healthy,
                    unhealthy + other.unhealthy);
        }

        String text(String name) {
            if (!exists) {
                return name + " is going away";
            }
            return name + ": " + running + "/" + wanted + " running"
                    + (staged > 0 ? ", " + staged + " starting" : "")
                    + (healthy > 0 ? ", " + healthy + " healthy" : "")
                    + (unhealthy > 0 ? ", " + unhealthy + " unhealthy" : "");
        }
    }

    static Goal app(String id) {
        return new Goal(id, "tide why " + id, Optional.of(id), client -> appProgress(client, id));
    }

    /** All apps of a group and of those below it. */
    static Goal group(String id) {
        return new Goal(id, "tide group show " + id, Optional.empty(),
                client -> client.groups().find(id).map(Goal::groupProgress)
                        .orElse(Progress.GONE));
    }

    static Goal pod(String id) {
        return new Goal(id, "tide pod show " + id, Optional.empty(),
                client -> podProgress(client, id));
    }

    /** Everything that a deployment touches. */
    static Goal of(Deployment deployment) {
        List<String> apps = deployment.apps();
        List<String> pods = deployment.pods();
        if (apps.size() == 1 && pods.isEmpty()) {
            return app(apps.get(0));
        }
        String name = apps.size() + pods.size() > 3
                ? apps.get(0) + " and " + (apps.size() + pods.size() - 1) + " more"
                : String.join(", ", apps) + (apps.isEmpty() || pods.isEmpty() ? "" : ", ")
                        + String.join(", ", pods);
        return new Goal(name, "tide deployments show " + deployment.id(), Optional.empty(),
                client -> {
                    Progress all = Progress.GONE;
                    for (String app : apps) {
                        all = all.plus(appProgress(client, app));
                    }
                    for (String pod : pods) {
                        all = all.plus(podProgress(client, pod));
                    }
                    return all;
                });
    }

    private static Progress appProgress(TideClient client, String id) {
        return client.apps().find(id).map(Progress::of).orElse(Progress.GONE);
    }

    private static Progress groupProgress(Json group) {
        Progress all = new Progress(true, 0, 0, 0, 0, 0);
        for (Json app : group.get("apps").items()) {
            all = all.plus(Progress.of(app));
        }
        for (Json child : group.get("groups").items()) {
            all = all.plus(groupProgress(child));
        }
        return all;
    }

    private static Progress podProgress(TideClient client, String id) {
        return client.pods().status(id).map(Goal::podProgress).orElse(Progress.GONE);
    }

    static Progress podProgress(Json status) {
        long stable = 0;
        long degraded = 0;
        long starting = 0;
        for (Json instance : status.get("instances").items()) {
            String state = instance.get("status").text();
            stable += state.equals("STABLE") ? 1 : 0;
            degraded += state.equals("DEGRADED") ? 1 : 0;
            starting += state.equals("PENDING") || state.equals("STAGING") ? 1 : 0;
        }
        long wanted = status.get("status").text().equals("TERMINAL")
                ? 0
                : status.get("spec").get("scaling").get("instances").asLong();
        return new Progress(true, wanted, stable + degraded, starting, 0, degraded);
    }
}
