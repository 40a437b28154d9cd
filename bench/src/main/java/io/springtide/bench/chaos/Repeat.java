package io.springtide.bench.chaos;

import io.springtide.bench.chaos.Masters.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Every request arrives twice at the same moment, at two masters, as after a client's timeout or behind a
 * proxy that tries again: what makes something happens once, and the second is told so.
 */
final class Repeat implements Scenario {

    private static final int REQUESTS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private int made;

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> bothMs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < REQUESTS; i++) {
                made++;
                String app = "/repeated/a" + made;
                String body = "{\"id\":\"" + app + "\",\"cmd\":\"exec sleep 1\",\"instances\":0}";
                long beganNs = System.nanoTime();
                twice(trial, "POST", "/v2/apps", body, List.of(CREATED, CONFLICT));
                bothMs.add(Pause.msSince(beganNs));
                twice(trial, "PUT", "/v2/apps" + app + "?force=true", "{\"mem\":64}",
                        List.of(OK, OK));
                trial.check(trial.api().get(trial.awaitLeader(), "/v2/apps" + app + "/versions")
                        .body().path("versions").size() <= 3,
                        app + " was made once and changed twice, and has more versions than that");
                twice(trial, "DELETE", "/v2/apps" + app + "?force=true", "",
                        List.of(OK, NOT_FOUND));
            }
        }
        trial.settle();
        trial.say("  " + rounds * REQUESTS + " apps were made, changed and deleted, each twice");
        return List.of(new Distribution("a new app that is sent twice to both answers", bothMs));
    }

    /** To two masters at once; which of them comes first is open. */
    private static void twice(Trial trial, String method, String path, String body,
            List<Integer> statuses) {
        try {
            CompletableFuture<Reply> other = CompletableFuture.supplyAsync(
                    () -> trial.api().send(1, method, path, body, PATIENCE));
            Reply one = trial.api().send(0, method, path, body, PATIENCE);
            List<Integer> got = List.of(one.status(), other.join().status()).stream().sorted()
                    .toList();
            trial.check(got.equals(statuses), method + " " + path + " was sent twice and answered"
                    + " with " + got + ", not with " + statuses);
        } catch (CompletionException broken) {
            throw new ChaosException(method + " " + path + " was not answered", broken);
        }
    }
}
