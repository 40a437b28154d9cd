package io.springtide.bench.containers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.command.InspectContainerResponse;
import io.springtide.bench.elastic.Tries;
import io.springtide.bench.live.LocalCluster;
import io.springtide.bench.live.Starts;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tide bench containers}: how soon an app of one container has a hundred. */
@Command(name = "containers", //
        description = {
                "From one container to many: the engine without a scheduler, Springtide, and Docker",
                "Swarm, one after the other, several rounds. Needs a Docker daemon that runs nothing",
                "else. Without --no-swarm the daemon is made a swarm of its own for that time."})
public final class ContainerBench implements Callable<Integer> {

    private static final String APP = "/bench";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** Whoever is looked at and the looks share the processors. */
    static final Duration LOOK = Duration.ofMillis(500);
    private static final int CONTAINERS_MAX = 500;
    private static final int[] THREADS = {4, 8};

    private final ObjectMapper json = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--containers", defaultValue = "100", paramLabel = "N",
            description = "So many in the end (${DEFAULT-VALUE}).")
    private int containers;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N",
            description = "How often each is tried (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm", defaultValue = "3", paramLabel = "N",
            description = "How often before that, without being counted (${DEFAULT-VALUE}).")
    private int warm;

    @Option(names = "--image", defaultValue = "springtide/busybox:test", paramLabel = "IMAGE",
            description = "What runs; it needs sh and sleep (${DEFAULT-VALUE}).")
    private String image = "";

    @Option(names = "--no-swarm", description = "Leave Docker Swarm out.")
    private boolean alone;

    /** Who takes part. */
    private record Contender(Tries tries, Run run) {}

    /** Starts the containers and removes them again; the seconds are those of the start. */
    @FunctionalInterface
    private interface Run {
        double seconds() throws IOException, InterruptedException;
    }

    /** Ended containers of others, before all this. */
    private int present;

    /** The first of Springtide's containers. */
    private Optional<InspectContainerResponse> mould = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (containers < 2 || containers > CONTAINERS_MAX || rounds < 1 || warm < 1) {
            throw new ParameterException(spec.commandLine(),
                    "containers are 2 to " + CONTAINERS_MAX + ", rounds and warm at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Tries> bare = new ArrayList<>();
        for (int threads : THREADS) {
            bare.add(new Tries("the engine alone, " + threads + " at once"));
        }
        int most = THREADS[THREADS.length - 1];
        Tries like = new Tries(
                "the engine alone, " + most + " at once, containers as Springtide's");
        Tries springtide = new Tries("Springtide, from the PUT to the last TASK_RUNNING");
        Tries swarm = new Tries("Docker Swarm, service scale");
        Path folder = Files.createTempDirectory("tide-containers-");
        try (Engine engine = new Engine(image)) {
            if (engine.running() > 0) {
                throw new ParameterException(spec.commandLine(), engine.running()
                        + " containers run on this daemon; end them, since they would be measured, too");
            }
            present = engine.present();
            try (LocalCluster cluster = new LocalCluster(folder, 1, "docker");
                    Swarm peer = new Swarm(engine, alone)) {
                out.printf(
                        "%d times without being counted: schedulers have been up for weeks ...%n",
                        warm);
                out.flush();
                for (int i = 0; i < warm; i++) {
                    engine.start(containers - 1, THREADS[0]);
                    springtide(cluster, engine, containers);
                }
                InspectContainerResponse ours = mould.orElseThrow();
                List<Contender> contenders = new ArrayList<>();
                for (int i = 0; i < THREADS.length; i++) {
                    int threads = THREADS[i];
                    contenders.add(new Contender(bare.get(i),
                            () -> engine.start(containers - 1, threads)));
                }
                contenders.add(new Contender(like, () -> engine.startLike(ours,
                        Files.createTempDirectory(folder, "like-"), containers - 1, most)));
                contenders.add(new Contender(springtide,
                        () -> springtide(cluster, engine, containers)));
                if (!alone) {
                    contenders.add(new Contender(swarm, () -> scale(peer, engine)));
                }
                for (int round = 1; round <= rounds; round++) {
                    out.printf("round %d of %d%n", round, rounds);
                    for (Contender one : contenders) {
                        add(out, one.tries(), one.run().seconds());
                    }
                    // Nobody always comes after the same one.
                    Collections.rotate(contenders, 1);
                }
            }
        } finally {
            Folders.delete(folder);
        }
        print(out, bare, like, springtide, alone ? Optional.empty() : Optional.of(swarm));
        return 0;
    }

    private double scale(Swarm peer, Engine engine) throws IOException, InterruptedException {
        double seconds = peer.scale(containers);
        awaitGone(engine);
        return seconds;
    }

    private static void add(PrintWriter out, Tries tries, double seconds) {
        tries.add(seconds);
        out.printf(Locale.ROOT, "  %s: %.2f s%n", tries.what(), seconds);
        out.flush();
    }

    private static void print(PrintWriter out, List<Tries> bare, Tries like, Tries springtide,
            Optional<Tries> swarm) {
        out.println();
        out.println(Tries.head("seconds"));
        bare.forEach(one -> out.println(one.row("%.2f")));
        out.println(like.row("%.2f"));
        out.println(springtide.row("%.2f"));
        swarm.ifPresent(one -> out.println(one.row("%.2f")));
        double limit = bare.stream().mapToDouble(Tries::median).min().orElseThrow();
        out.printf(Locale.ROOT,
                "%nSpringtide needs %.2f of the time of the engine alone, %.2f of it"
                        + " with the same containers",
                springtide.median() / limit,
                springtide.median() / like.median());
        swarm.ifPresent(one -> out.printf(Locale.ROOT, ", Docker Swarm %.1f of Springtide's",
                one.median() / springtide.median()));
        out.println(".");
    }

    private double springtide(LocalCluster cluster, Engine engine, int instances)
            throws IOException, InterruptedException {
        try (Starts starts = new Starts(cluster)) {
            require(201, cluster.send("POST", "/v2/apps", app().toString()));
            starts.await(1, PATIENCE);
            if (mould.isEmpty()) {
                mould = Optional.of(engine.anyRunning());
            }
            long began = System.nanoTime();
            require(200, cluster.send("PUT", "/v2/apps" + APP,
                    "{\"instances\":" + instances + "}"));
            return (starts.await(instances, PATIENCE).getLast() - began) / 1e9;
        } finally {
            require(200, cluster.send("DELETE", "/v2/apps" + APP + "?force=true", ""));
            awaitGone(engine);
        }
    }

    /** Else the next one would be measured while these are removed. */
    private void awaitGone(Engine engine) {
        LocalCluster.await("the containers to be gone", PATIENCE, LOOK,
                () -> engine.present() <= present);
    }

    private ObjectNode app() {
        ObjectNode app = json.createObjectNode().put("id", APP).put("cpus", Engine.CPUS)
                .put("mem", Engine.MEMORY_MIB).put("instances", 1)
                .put("cmd", "exec sleep 3600").put("taskKillGracePeriodSeconds", 1);
        app.putArray("networks").addObject().put("mode", "host");
        app.putObject("container").put("type", "DOCKER").putObject("docker").put("image", image);
        app.putArray("portDefinitions");
        return app;
    }

    private static void require(int status, LocalCluster.Reply reply) {
        if (reply.status() != status) {
            throw new IllegalStateException("the master answered " + reply);
        }
    }
}
