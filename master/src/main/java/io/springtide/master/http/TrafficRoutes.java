package io.springtide.master.http;

import io.springtide.core.model.AppId;
import io.springtide.master.traffic.TrafficPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code /tide/v1/traffic}: what is served where and how it goes, and the table that ingresses fetch and
 * report on. Only the leader knows it.
 */
final class TrafficRoutes implements Routes {

    private static final String BASE = "/tide/v1/traffic";

    /** Below the time after which idle connections are closed. */
    private static final long WAIT_MS_MAX = 30_000;

    /** Loads of 100 000 instances. */
    private static final int REPORT_BYTES_MAX = 16 << 20;

    private static final int NAME_LENGTH_MAX = 128;

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "tide", "v1")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        if (names.equals(List.of("traffic"))) {
            return Resource.at("/tide/v1/traffic").leaderOnly().get(TrafficRoutes::all).found();
        }
        if (names.equals(List.of("traffic", "table"))) {
            return Resource.at("/tide/v1/traffic/table").leaderOnly().get(TrafficRoutes::table)
                    .found();
        }
        if (names.equals(List.of("traffic", "reports"))) {
            return Resource.at("/tide/v1/traffic/reports").bodyMax(REPORT_BYTES_MAX)
                    .post(TrafficRoutes::report).found();
        }
        return ofApp(names);
    }

    private static Optional<Resource> ofApp(List<String> names) {
        int size = names.size();
        if (size >= 3 && names.getFirst().equals("apps") && names.getLast().equals("traffic")) {
            List<String> id = names.subList(1, size - 1);
            return Resource.at("/tide/v1/apps/{id}/traffic").leaderOnly()
                    .get(x -> one(x, AppPaths.existing(id))).found();
        }
        if (size >= 4 && names.getFirst().equals("apps") && names.getLast().equals("release")
                && names.get(size - 2).equals("traffic")) {
            List<String> id = names.subList(1, size - 2);
            return Resource.at("/tide/v1/apps/{id}/traffic/release")
                    .post(x -> release(x, AppPaths.existing(id))).found();
        }
        return Optional.empty();
    }

    private static TrafficPort port(Exchange x) {
        return x.backend().traffic().get().orElseThrow(() -> Errors.refused(503,
                "This master does not lead at present; try again in a second."));
    }

    private static void all(Exchange x) {
        TrafficPort port = port(x);
        x.json(200, TrafficJsonView.all(port.picture(), port.loads(),
                x.query().flag("endpoints", true)));
    }

    private static void one(Exchange x, AppId id) {
        TrafficPort port = port(x);
        if (!x.backend().view().read(state -> state.app(id).isPresent())) {
            throw Errors.appUnknown(id.path());
        }
        x.json(200, TrafficJsonView.one(id, port.picture(), port.loads()));
    }

    private static void release(Exchange x, AppId id) {
        boolean kept = port(x).release(id).orElseThrow(() -> Errors.refused(404,
                "App '" + id + "' is not served: no label of it says how. See docs/traffic.md"));
        x.json(200, Json.object().put("app", id.path()).put("released", kept));
    }

    private static void table(Exchange x) {
        String ingress = x.query().text("ingress").orElse("");
        if (ingress.isBlank() || ingress.length() > NAME_LENGTH_MAX) {
            throw Errors.badRequest("The parameter 'ingress' must name who asks, in 1 to "
                    + NAME_LENGTH_MAX + " characters");
        }
        long known = x.query().number("revision", 0);
        long waitMs = Math.clamp(x.query().number("waitMs", 0), 0, WAIT_MS_MAX);
        x.whenDone(port(x).table(ingress, known, Duration.ofMillis(waitMs)), table -> {
            if (table.isPresent()) {
                x.end(200, "application/json", table.get());
            } else {
                x.empty(304);
            }
        }, x::broken);
    }

    private static void report(Exchange x) {
        try {
            port(x).reported(x.body());
        } catch (IllegalArgumentException wrong) {
            throw Errors.badRequest(BASE + "/reports: " + wrong.getMessage());
        }
        x.empty(204);
    }
}
