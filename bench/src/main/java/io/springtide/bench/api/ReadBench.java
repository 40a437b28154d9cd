package io.springtide.bench.api;

import io.springtide.bench.api.ApiCluster.Fetched;
import java.util.ArrayList;
import java.util.List;

/**
 * The list that service discovery asks for again and again: all apps with all their tasks, to the last
 * byte, by one client.
 */
final class ReadBench {

    private static final String LIST = "/v2/apps?embed=apps.tasks";

    /** Ways to ask for much the same: none of them has been asked for before its run. */
    private static final List<String> FRESH = List.of("&embed=apps.readiness",
            "&embed=apps.lastTaskFailure", "&embed=apps.placement",
            "&embed=apps.readiness&embed=apps.placement",
            "&embed=apps.readiness&embed=apps.lastTaskFailure",
            "&embed=apps.lastTaskFailure&embed=apps.placement");

    private static final String UNDER_A_SECOND = "under 1 s";

    private ReadBench() {}

    static List<Result> run(ApiCluster cluster, int runs) throws Exception {
        List<Result> results = new ArrayList<>();
        Fetched first = cluster.fetch(LIST);
        results.add(new Result("list with tasks, the master's first answer", "s",
                List.of(first.seconds()), ""));
        results.add(new Result("its size", "MB", List.of(first.bytes() / 1e6), ""));
        results.add(new Result("its size, gzip", "MB",
                List.of(gzip(cluster, LIST).bytes() / 1e6), ""));
        List<Double> cold = new ArrayList<>();
        for (int i = 0; i < Math.min(runs, FRESH.size()); i++) {
            cold.add(cluster.fetch(LIST + FRESH.get(i)).seconds());
        }
        results.add(new Result("list with tasks, nothing of it rendered before", "s", cold,
                UNDER_A_SECOND));
        List<Double> coldGzip = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            touchAll(cluster, i);
            coldGzip.add(gzip(cluster, LIST).seconds());
        }
        results.add(new Result("list with tasks, gzip, every app changed since", "s", coldGzip,
                UNDER_A_SECOND));
        cluster.fetch(LIST);
        results.add(many("list with tasks, nothing changed since", runs, UNDER_A_SECOND,
                () -> cluster.fetch(LIST)));
        results.add(many("list with tasks, gzip, nothing changed since", runs, UNDER_A_SECOND,
                () -> gzip(cluster, LIST)));
        String etag = cluster.fetch(LIST).etag();
        results.add(many("list with tasks, If-None-Match, nothing changed", runs, "304",
                () -> unchanged(cluster.fetch(LIST, "If-None-Match", etag))));
        results.add(many("list without tasks", runs, "", () -> cluster.fetch("/v2/apps")));
        results.add(many("/v2/tasks", runs, "", () -> cluster.fetch("/v2/tasks")));
        return results;
    }

    private interface Fetch {
        Fetched run() throws Exception;
    }

    private static Result many(String name, int runs, String target, Fetch fetch)
            throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            seconds.add(fetch.run().seconds());
        }
        return new Result(name, "s", seconds, target);
    }

    private static Fetched gzip(ApiCluster cluster, String path) throws Exception {
        return cluster.fetch(path, "Accept-Encoding", "gzip");
    }

    private static Fetched unchanged(Fetched answer) {
        if (answer.status() != 304) {
            throw new IllegalStateException("not 304 but " + answer.status());
        }
        return answer;
    }

    /** Scales every app, so that no answer of before holds for any of them. */
    private static void touchAll(ApiCluster cluster, int round) throws Exception {
        cluster.scaleAll(round % 2 == 0 ? 1 : -1);
        cluster.settled();
    }
}
