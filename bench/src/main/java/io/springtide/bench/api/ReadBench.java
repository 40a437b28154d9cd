package io.springtide.bench.api;

import io.springtide.bench.api.ApiCluster.Fetched;
import java.util.ArrayList;
import java.util.Iterator;
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
        Iterator<String> fresh = FRESH.iterator();
        results.addAll(many(cluster, "list with tasks, nothing of it rendered before",
                Math.min(runs, FRESH.size()), UNDER_A_SECOND,
                () -> cluster.fetch(LIST + fresh.next())));
        List<Double> coldGzip = new ArrayList<>();
        List<Double> coldGzipCpu = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            touchAll(cluster, i);
            double before = cluster.masterCpu();
            coldGzip.add(gzip(cluster, LIST).seconds());
            coldGzipCpu.add(cluster.masterCpu() - before);
        }
        String changed = "list with tasks, gzip, every app changed since";
        results.add(new Result(changed, "s", coldGzip, UNDER_A_SECOND));
        results.add(new Result(changed + ": processor time", "s", coldGzipCpu, ""));
        cluster.fetch(LIST);
        results.addAll(many(cluster, "list with tasks, nothing changed since", runs, UNDER_A_SECOND,
                () -> cluster.fetch(LIST)));
        results.addAll(
                many(cluster, "list with tasks, gzip, nothing changed since", runs, UNDER_A_SECOND,
                        () -> gzip(cluster, LIST)));
        String etag = cluster.fetch(LIST).etag();
        results.addAll(many(cluster, "list with tasks, If-None-Match, nothing changed", runs, "304",
                () -> unchanged(cluster.fetch(LIST, "If-None-Match", etag))));
        results.addAll(
                many(cluster, "list without tasks", runs, "", () -> cluster.fetch("/v2/apps")));
        results.addAll(many(cluster, "/v2/tasks", runs, "", () -> cluster.fetch("/v2/tasks")));
        return results;
    }

    private interface Fetch {
        Fetched run() throws Exception;
    }

    private static List<Result> many(ApiCluster cluster, String name, int runs, String target,
            Fetch fetch) throws Exception {
        List<Double> seconds = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            double before = cluster.masterCpu();
            seconds.add(fetch.run().seconds());
            cpu.add(cluster.masterCpu() - before);
        }
        return List.of(new Result(name, "s", seconds, target),
                new Result(name + ": processor time", "s", cpu, ""));
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
