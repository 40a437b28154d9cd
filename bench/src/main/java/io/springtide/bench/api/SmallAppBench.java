package io.springtide.bench.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests a second for one small app, by wrk on the same processors. */
final class SmallAppBench {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

    private SmallAppBench() {}

    /** Nothing if wrk is not installed. */
    static List<Result> wrk(ApiCluster cluster, int runs, int seconds)
            throws IOException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        String url = cluster.uri("/v2/apps/small").toString();
        for (int i = 0; i <= runs; i++) {
            double before = cluster.masterCpu();
            Process wrk;
            try {
                wrk = new ProcessBuilder("wrk", "-t1", "-c32", "-d" + seconds + "s", url)
                        .redirectErrorStream(true).start();
            } catch (IOException missing) {
                return List.of();
            }
            String text = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            wrk.waitFor();
            Matcher rate = RATE.matcher(text);
            if (!rate.find() || BAD.matcher(text).find()) {
                throw new IllegalStateException("wrk says: " + text);
            }
            double used = cluster.masterCpu() - before;
            // The first run warms the master up.
            if (i > 0) {
                double perSecond = Double.parseDouble(rate.group(1));
                rates.add(perSecond);
                cpu.add(used * 1e6 / (perSecond * seconds));
            }
        }
        String name = "GET /v2/apps/{id} of a small app, wrk -t1 -c32";
        return List.of(new Result(name, "requests/s", rates, "10 000"),
                new Result(name + ": processor time of each", "µs", cpu, ""));
    }

    /** The same with a client in this process, which costs more than wrk does. */
    static Result inProcess(ApiCluster cluster, int runs, int seconds) throws Exception {
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i <= runs; i++) {
            long begunNs = System.nanoTime();
            long untilNs = begunNs + seconds * 1_000_000_000L;
            long count = 0;
            while (System.nanoTime() < untilNs) {
                cluster.fetch("/v2/apps/small");
                count++;
            }
            if (i > 0) {
                rates.add(count * 1e9 / (System.nanoTime() - begunNs));
            }
        }
        return new Result("GET /v2/apps/{id} of a small app, one after the other, in process",
                "requests/s", rates, "");
    }
}
