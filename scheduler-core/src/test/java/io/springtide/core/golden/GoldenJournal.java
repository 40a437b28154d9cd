package io.springtide.core.golden;

import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Rules;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.sim.World;
import io.springtide.core.state.StateSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a new golden journal; run by hand when the format has grown, never to make a test pass. The
 * files that are there already stay as they are:
 * {@code java -cp <test class path> io.springtide.core.golden.GoldenJournal
 * src/test/resources/io/springtide/core/golden/journal-7}
 */
public final class GoldenJournal {

    private static final int STEPS = 600;
    private static final int SEEDS_MAX = 10_000;

    /** What no drawn history has, or only few have. */
    private static final List<Class<?>> ADDED_BEHIND = List.of(Event.ClusterRestored.class,
            Event.AgentCompared.class, Event.RestoreConfirmed.class, Event.ScalingSet.class,
            Event.ScalingRemoved.class, Event.AppScaled.class, Event.InstancesPromoted.class);

    private GoldenJournal() {}

    /** One argument: the path of the new files, less their ending. */
    public static void main(String[] arguments) throws IOException {
        Path events = Path.of(arguments[0] + ".bin");
        Path hash = Path.of(arguments[0] + ".hash");
        if (Files.exists(events) || Files.exists(hash)) {
            throw new IllegalArgumentException(events + " is there already; choose another name");
        }
        Cluster cluster = eventful();
        Files.write(events, Cluster.bytes(cluster.journal()));
        Files.writeString(hash,
                Long.toHexString(StateSnapshot.hash(cluster.bytes())) + " "
                        + cluster.journal().size() + "\n");
    }

    private static List<Class<?>> missing(Cluster cluster) {
        List<Class<?>> missing = new ArrayList<>(
                List.of(Event.class.getPermittedSubclasses()));
        cluster.journal().forEach(event -> missing.remove(event.getClass()));
        return missing;
    }

    /** An app with standbys takes up a flood on an agent of its own. */
    private static void flood(Cluster cluster) {
        cluster.agents().forEach(agent -> agent.fate(SimAgent.Fate.WELL));
        cluster.join(Specs.agent("flood", "s0", "r0"));
        Specs.App app = Specs.app("/flood", 1).cpus(100)
                .rules(Rules.NONE.withPriority(Rules.PRIORITY_MAX));
        AppId id = app.spec().id();
        ScalingReason reason = new ScalingReason(ScalingReason.BURST, "a flood");
        cluster.run(app.submit());
        cluster.run(new Command.SetScaling(id, new ScalingPolicy(1, 5,
                List.of(new Target(Target.Kind.REQUESTS, 100_000)))
                .withStandby(new Standby(2, 0))));
        cluster.quiesce();
        cluster.run(new Command.Scale(id, 4, reason));
        cluster.quiesce();
        cluster.run(new Command.RemoveScaling(id));
    }

    /** The first history that has every kind of event in it. */
    private static Cluster eventful() {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            World world = new World(seed, World.Room.TIGHT, 0).rage(STEPS / 2);
            world.cluster().passSeconds(60);
            Cluster cluster = world.rage(STEPS / 2).cluster();
            if (missing(cluster).stream().allMatch(ADDED_BEHIND::contains)
                    && cluster.state().instanceCount() > 5) {
                flood(cluster);
                cluster.restoreHere();
                if (missing(cluster).isEmpty()) {
                    return cluster;
                }
            }
        }
        throw new IllegalStateException("no history has every kind of event in it");
    }
}
