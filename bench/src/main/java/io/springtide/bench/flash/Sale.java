package io.springtide.bench.flash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.live.LocalCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One sale on a stage of its own: the shop under a policy, and the crowd. Close it, also after a failure. */
final class Sale implements AutoCloseable {

    private static final String SHOP = "shop";
    private static final int MARGIN = 5;
    private static final long REHEARSAL_MS = 12_000;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Plan plan;
    private final boolean tiers;
    private final Stage stage;
    private volatile Moment latest = new Moment(0, 0, 0, 0);

    /**
     * Starts the cluster.
     *
     * @param tiers whether there are standbys, and floods are told apart from growth
     */
    Sale(Plan plan, boolean tiers) throws IOException {
        this.plan = plan;
        this.tiers = tiers;
        this.stage = new Stage();
    }

    /** The whole of it; {@code live} hears a line a second. */
    Outcome run(Consumer<String> say, Consumer<Live> live) throws IOException {
        say.accept("rehearsing the crowd's way through the ingress, with another shop");
        stage.rehearse(plan.rate(), plan.peak(), REHEARSAL_MS);
        int calm = plan.instances(plan.rate());
        stage.shop(SHOP, calm, plan.workers(), plan.workMs());
        stage.policy(SHOP, policy());
        int standbys = standbys();
        say.accept("waiting for " + calm + " instances to serve"
                + (standbys == 0 ? "" : " and for " + standbys + " standbys to be frozen"));
        LocalCluster.await("the shop to be served, with its standbys", Stage.PATIENCE, () -> {
            Moment now = look(System.nanoTime());
            return now.serving() >= calm && now.standby() >= standbys;
        });
        List<Moment> moments = new ArrayList<>();
        CompletableFuture<List<Second>> crowd = stage.crowd(SHOP, plan.phases(),
                seconds -> live.accept(new Live(seconds, latest)));
        Outcome outcome = new Outcome(tiers ? "with tiers" : "without tiers", plan,
                watched(crowd, moments), moments);
        say.accept("what the policy decided, and why:");
        for (JsonNode one : stage.decisions(SHOP)) {
            say.accept("  " + one.path("at").asText() + "  " + one.path("from").asInt() + " -> "
                    + one.path("to").asInt() + "  " + one.path("sentence").asText());
        }
        return outcome;
    }

    /** What is known so far. */
    record Live(List<Second> seconds, Moment now) {}

    private List<Second> watched(CompletableFuture<List<Second>> crowd, List<Moment> moments) {
        long began = System.nanoTime();
        while (!crowd.isDone()) {
            latest = look(began);
            moments.add(latest);
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return Stage.join(crowd);
    }

    /** Dated when the answers are there: nothing looks earlier than it was. */
    private Moment look(long beganNanos) {
        JsonNode scaling = stage.scaling(SHOP);
        int serving = stage.open(SHOP);
        return new Moment((System.nanoTime() - beganNanos) / 1e9, scaling.path("wanted").asInt(),
                serving, scaling.path("standbys").path("frozen").asInt());
    }

    private int standbys() {
        return tiers ? plan.instances(plan.peak()) - plan.instances(plan.rate()) : 0;
    }

    private ObjectNode policy() {
        int calm = plan.instances(plan.rate());
        ObjectNode policy = stage.object().put("min", calm).put("max",
                plan.instances(plan.peak()) + MARGIN);
        policy.putArray("targets").addObject().put("metric", "requests").put("value",
                plan.target());
        policy.putObject("down").put("stabilizationSeconds", 10);
        if (tiers) {
            policy.putObject("burst").put("windowSeconds", 1).put("factor", 2)
                    .put("holdSeconds", 10);
            policy.putObject("standby").put("count", standbys());
        }
        return policy;
    }

    @Override
    public void close() throws IOException {
        stage.close();
    }
}
