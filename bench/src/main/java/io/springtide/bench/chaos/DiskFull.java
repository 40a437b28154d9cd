package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The disk of one server of the store is full, and later it is not: the others are a majority. The disk is
 * a small one in memory, which takes the rights of root to make.
 */
final class DiskFull implements Scenario {

    private static final String SIZE = "96m";
    private static final Duration FULL = Duration.ofSeconds(5);
    private static final Duration JOINED = Duration.ofSeconds(3);
    private static final int BLOCK_BYTES = 1 << 12;

    @Override
    public String name() {
        return "disk-full";
    }

    @Override
    public String skipped(Ensemble.Kind kind) {
        return System.getProperty("user.name").equals("root")
                ? ""
                : "a small disk can only be made by root";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> acceptedMs = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ServerProcess server = trial.cluster().stores().get(round % Ensemble.SERVERS);
            Path data = trial.cluster().folder().resolve(server.name());
            Set<Live> before = trial.steady();
            Path kept = data.resolveSibling(server.name() + "-kept-" + round);
            server.kill();
            Commands.run("cp", "-a", data.toString(), kept.toString());
            if (!Commands.tried("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs",
                    data.toString())) {
                server.start();
                trial.settle();
                trial.say("  skipped: this root may not mount");
                return List.of();
            }
            try {
                Commands.run("cp", "-a", kept + "/.", data.toString());
                server.start();
                Pause.of(JOINED);
                trial.settle();
                full(trial, server, data, acceptedMs);
                trial.checkSteady(before, "after the disk of " + server.name() + " was full");
            } finally {
                server.kill();
                Commands.run("rm", "-rf", kept.toString());
                Commands.run("cp", "-a", data.toString(), kept.toString());
                Commands.run("umount", data.toString());
                Commands.run("cp", "-a", kept + "/.", data.toString());
                server.start();
            }
            Pause.of(JOINED);
            trial.settle();
        }
        return List.of(new Distribution("a change with a full disk under one server of the store",
                acceptedMs));
    }

    private static void full(Trial trial, ServerProcess server, Path data,
            List<Double> acceptedMs) {
        Path filler = data.resolve("filler");
        int changes = 0;
        fill(filler);
        long beganNs = System.nanoTime();
        while (Pause.msSince(beganNs) < FULL.toMillis()) {
            acceptedMs.add(trial.change(List.of(0, 1, 2), System.nanoTime()));
            changes++;
        }
        boolean survived = server.isAlive();
        try {
            Files.delete(filler);
        } catch (IOException broken) {
            throw new ChaosException("cannot delete " + filler, broken);
        }
        if (!survived) {
            server.start();
        }
        trial.say("  disk of " + server.name() + " full: " + changes + " changes accepted, "
                + (survived ? "it went on" : "it ended and was started again"));
        Pause.of(JOINED);
        trial.settle();
    }

    private static void fill(Path filler) {
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[BLOCK_BYTES];
            while (filler.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException noSpaceLeft) {
            // Which is what was wanted; anything else shows as a disk that is not full.
            if (filler.toFile().getUsableSpace() > BLOCK_BYTES) {
                throw new ChaosException("cannot fill " + filler, noSpaceLeft);
            }
        }
    }
}
