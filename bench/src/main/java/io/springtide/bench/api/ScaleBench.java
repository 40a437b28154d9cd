package io.springtide.bench.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a PUT that scales an app takes to be accepted, among many apps, while another app starts a
 * thousand instances a second; and what it is if clients poll the list of all apps besides. Requests come at
 * fixed times, however long the ones before take.
 */
final class ScaleBench {

    private static final int PUTS_PER_S = 20;
    private static final int STEPS_PER_S = 10;
    private static final int STARTS_PER_STEP = 100;
    private static final String LOAD = "/load";

    private final ApiCluster cluster;
    private final int seconds;
    private int nextApp;

    private ScaleBench(ApiCluster cluster, int seconds) {
        this.cluster = cluster;
        this.seconds = seconds;
    }

    static List<Result> run(ApiCluster cluster, int runs, int seconds) throws Exception {
        ScaleBench bench = new ScaleBench(cluster, seconds);
        cluster.post("{\"id\":\"" + LOAD + "\",\"cmd\":\"exec sleep 60\",\"cpus\":0.01,\"mem\":4,"
                + "\"portDefinitions\":[],\"instances\":0}");
        List<Result> results = new ArrayList<>();
        results.addAll(bench.series("", runs, false));
        results.addAll(bench.series(", while two clients poll the list with tasks", runs, true));
        return results;
    }

    private List<Result> series(String name, int runs, boolean polled) throws Exception {
        List<Double> median = new ArrayList<>();
        List<Double> high = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        List<Double> polls = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            cluster.put("/v2/apps" + LOAD + "?force=true", "{\"instances\":0}");
            cluster.settled();
            Run run = once(polled);
            median.add(run.millis(0.5));
            high.add(run.millis(0.99));
            starts.add(run.startsPerS);
            polls.add(run.pollsPerS);
        }
        String what = "PUT scale among " + cluster.apps() + " apps";
        List<Result> results = new ArrayList<>(List.of(
                new Result("instances started meanwhile" + name, "1/s", starts, "1 000"),
                new Result(what + ", p50" + name, "ms", median, ""),
                new Result(what + ", p99" + name, "ms", high, "under 50 ms")));
        if (polled) {
            results.add(new Result("lists sent to them", "1/s", polls, ""));
        }
        return results;
    }

    private record Run(List<Double> seconds, double startsPerS, double pollsPerS) {

        double millis(double share) {
            List<Double> sorted = new ArrayList<>(seconds);
            Collections.sort(sorted);
            return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size()))) * 1_000;
        }
    }

    private Run once(boolean polled) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Integer>> pollers = new ArrayList<>();
        List<Future<Double>> puts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; polled && i < 2; i++) {
                pollers.add(threads.submit(() -> poll(over)));
            }
            long launchedBefore = cluster.launched();
            long begunNs = System.nanoTime();
            Future<Void> load = threads.submit((Callable<Void>) () -> {
                for (int i = 1; i <= seconds * STEPS_PER_S; i++) {
                    sleepUntil(begunNs + i * TimeUnit.SECONDS.toNanos(1) / STEPS_PER_S);
                    cluster.put("/v2/apps" + LOAD + "?force=true",
                            "{\"instances\":" + i * STARTS_PER_STEP + "}");
                }
                return null;
            });
            for (int i = 0; i < seconds * PUTS_PER_S; i++) {
                long dueNs = begunNs + i * TimeUnit.SECONDS.toNanos(1) / PUTS_PER_S;
                sleepUntil(dueNs);
                String path = "/v2/apps" + ApiCluster.path(nextApp++ % cluster.apps());
                puts.add(threads.submit(() -> {
                    cluster.put(path + "?force=true", "{\"instances\":11}");
                    // From when it was due: what waits behind a stall counts too.
                    return (System.nanoTime() - dueNs) / 1e9;
                }));
            }
            List<Double> times = new ArrayList<>();
            for (Future<Double> put : puts) {
                times.add(put.get());
            }
            load.get();
            double took = (System.nanoTime() - begunNs) / 1e9;
            long launched = cluster.launched() - launchedBefore;
            over.set(true);
            int lists = 0;
            for (Future<Integer> poller : pollers) {
                lists += poller.get();
            }
            return new Run(times, launched / took, lists / took);
        }
    }

    private int poll(AtomicBoolean over) throws Exception {
        int count = 0;
        while (!over.get()) {
            cluster.fetch("/v2/apps?embed=apps.tasks", "Accept-Encoding", "gzip");
            count++;
        }
        return count;
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
