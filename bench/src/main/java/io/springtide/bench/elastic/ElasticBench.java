package io.springtide.bench.elastic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.flash.Arrivals;
import io.springtide.bench.flash.Second;
import io.springtide.bench.flash.Stage;
import io.springtide.bench.live.LocalCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tide bench elasticity}: from a flood to the decision, and from the decision to instances that serve. */
@Command(name = "elasticity", //
        description = {
                "How soon a step in traffic is noticed, standbys serve, and a cold process serves;",
                "a cluster of real processes, all of it asked for through the ingress. Takes a minute",
                "or two a round: most of it is the start of the standbys."})
public final class ElasticBench implements Callable<Integer> {

    private static final String NOTICE = "notice";
    private static final String STANDBY = "standby";
    private static final String COLD = "cold";
    private static final long CALM_MS = 4_000;
    private static final double CALM_RATE = 10;
    private static final double STEP_RATE = 150;
    private static final int ROUNDS_MAX = 100;
    private static final int STANDBYS_MAX = 200;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N",
            description = "How often each is tried (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--standbys", defaultValue = "50", paramLabel = "N",
            description = "How many are to go on at once (${DEFAULT-VALUE}).")
    private int standbys;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1 || rounds > ROUNDS_MAX || standbys < 1 || standbys > STANDBYS_MAX) {
            throw new ParameterException(spec.commandLine(), "rounds are 1 to " + ROUNDS_MAX
                    + ", standbys 1 to " + STANDBYS_MAX);
        }
        PrintWriter out = spec.commandLine().getOut();
        Tries noticed = new Tries("step in traffic to the decision");
        Tries first = new Tries("decision to the first answer of a standby");
        Tries all = new Tries("decision to answers of all " + standbys + " standbys");
        Tries cold = new Tries("start of a cold process to its first answer");
        try (Stage stage = new Stage()) {
            out.println("rehearsing the way through the ingress ...");
            stage.rehearse(CALM_RATE, STEP_RATE, 10_000);
            out.println("a step in traffic, " + rounds + " times ...");
            notice(stage, noticed);
            out.println(standbys + " standbys, " + rounds + " times ...");
            standbys(stage, first, all);
            out.println("a cold process, " + rounds + " times ...");
            cold(stage, cold);
        }
        out.println();
        out.println(Tries.head("milliseconds"));
        for (Tries one : List.of(noticed, first, all, cold)) {
            out.println(one.row("%.0f"));
        }
        return 0;
    }

    private void notice(Stage stage, Tries noticed) throws IOException {
        stage.shop(NOTICE, 1, 8, 20);
        ObjectNode policy = stage.object().put("min", 1).put("max", 3);
        policy.putArray("targets").addObject().put("metric", "requests").put("value", 50);
        policy.putObject("down").put("stabilizationSeconds", 1);
        policy.putObject("burst").put("windowSeconds", 2).put("factor", 2).put("holdSeconds", 1);
        stage.policy(NOTICE, policy);
        for (int i = 0; i < rounds; i++) {
            LocalCluster.await("calm", Stage.PATIENCE, () -> stage.open(NOTICE) == 1
                    && stage.scaling(NOTICE).path("wanted").asInt() == 1);
            long stepMs = System.currentTimeMillis() + CALM_MS;
            CompletableFuture<List<Second>> crowd = stage.crowd(NOTICE, List.of(
                    Arrivals.Phase.steady("calm", CALM_RATE, CALM_MS),
                    Arrivals.Phase.steady("flood", STEP_RATE, 4_000),
                    Arrivals.Phase.steady("after", CALM_RATE, 3_000)), seconds -> {});
            Stage.join(crowd);
            noticed.add(decided(stage, NOTICE, stepMs) - stepMs);
        }
        stage.remove(NOTICE);
    }

    private void standbys(Stage stage, Tries first, Tries all) throws IOException {
        stage.shop(STANDBY, 1, 8, 1);
        for (int i = 0; i < rounds; i++) {
            stage.policy(STANDBY, policy(stage, 1));
            LocalCluster.await("the standbys to be frozen", Stage.PATIENCE,
                    () -> stage.open(STANDBY) == 1 && stage.scaling(STANDBY).path("standbys")
                            .path("frozen").asInt() >= standbys);
            try (Callers callers = new Callers(stage.ingressPort(), Stage.host(STANDBY))) {
                callers.awaitNames(1);
                long beganMs = System.currentTimeMillis();
                stage.policy(STANDBY, policy(stage, 1 + standbys));
                callers.awaitNames(1 + standbys);
                double decidedMs = decided(stage, STANDBY, beganMs);
                first.add(callers.firstSeenMs(2) - decidedMs);
                all.add(callers.firstSeenMs(1 + standbys) - decidedMs);
            }
        }
        stage.remove(STANDBY);
    }

    private ObjectNode policy(Stage stage, int min) {
        ObjectNode policy = stage.object().put("min", min).put("max", 1 + standbys);
        policy.putArray("targets").addObject().put("metric", "concurrency").put("value", 1_000);
        policy.putObject("down").put("stabilizationSeconds", 0);
        policy.putObject("standby").put("count", min == 1 ? standbys : 0);
        return policy;
    }

    private void cold(Stage stage, Tries cold) throws IOException {
        stage.shop(COLD, 0, 8, 1);
        for (int i = 0; i < rounds; i++) {
            try (Callers callers = new Callers(stage.ingressPort(), Stage.host(COLD))) {
                long beganMs = System.currentTimeMillis();
                stage.scale(COLD, 1);
                callers.awaitNames(1);
                cold.add(callers.firstSeenMs(1) - (double) beganMs);
            }
            stage.scale(COLD, 0);
            awaitOpen(stage, COLD, 0);
        }
        stage.remove(COLD);
    }

    private static void awaitOpen(Stage stage, String shop, int open) {
        LocalCluster.await(open + " of /" + shop + " to serve", Stage.PATIENCE,
                () -> stage.open(shop) == open);
    }

    /** When the first decision to grow was made since some time, by the master's clock, which is ours. */
    private static double decided(Stage stage, String shop, long sinceMs) {
        long decidedMs = Long.MAX_VALUE;
        for (JsonNode one : stage.decisions(shop)) {
            long atMs = Instant.parse(one.path("at").asText()).toEpochMilli();
            if (atMs >= sinceMs && one.path("to").asInt() > one.path("from").asInt()) {
                decidedMs = Math.min(decidedMs, atMs);
            }
        }
        if (decidedMs == Long.MAX_VALUE) {
            throw new IllegalStateException("nothing was decided about /" + shop + " since "
                    + Instant.ofEpochMilli(sinceMs) + ", only " + stage.decisions(shop));
        }
        return decidedMs;
    }
}
