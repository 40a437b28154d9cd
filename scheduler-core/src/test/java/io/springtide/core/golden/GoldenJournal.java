package io.springtide.core.golden;

import io.springtide.core.event.Event;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.World;
import io.springtide.core.state.StateSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Writes a new golden journal; run by hand when the format has grown, never to make a test pass. The
 * files that are there already stay as they are:
 * {@code java -cp <test class path> io.springtide.core.golden.GoldenJournal
 * src/test/resources/io/springtide/core/golden/journal-7}
 */
public final class GoldenJournal {

    private static final int STEPS = 600;
    private static final int SEEDS_MAX = 10_000;

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

    /** The first history that has every kind of event in it. */
    private static Cluster eventful() {
        // Those of a restore are added behind.
        int kinds = Event.class.getPermittedSubclasses().length - 3;
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            World world = new World(seed, World.Room.TIGHT, 0).rage(STEPS / 2);
            world.cluster().passSeconds(60);
            Cluster cluster = world.rage(STEPS / 2).cluster();
            TreeSet<String> seen = new TreeSet<>();
            cluster.journal().forEach(event -> seen.add(event.getClass().getSimpleName()));
            if (seen.size() == kinds && cluster.state().instanceCount() > 5) {
                cluster.restoreHere();
                return cluster;
            }
        }
        throw new IllegalStateException("no history has every kind of event in it");
    }
}
