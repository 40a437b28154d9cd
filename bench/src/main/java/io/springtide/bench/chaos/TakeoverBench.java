package io.springtide.bench.chaos;

import io.springtide.bench.chaos.Masters.Reply;
import io.springtide.bench.live.FakeAgents;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tide bench takeover}: how long a standby takes from finding the leader's seat free to leading, with
 * many instances. Two masters and three servers of a store, all processes of their own; the agents run
 * nothing. The leader is killed, and comes back as the standby of the next round.
 */
@Command(name = "takeover", sortOptions = false, //
        description = "How long a standby takes to take over, with many instances.")
public final class TakeoverBench implements Callable<Integer> {

    private static final int APPS = 1_000;
    private static final int APPS_AT_ONCE = 250;
    private static final int AGENTS = 200;
    private static final int PORT_FIRST = 20_000;
    private static final Duration FILL = Duration.ofMinutes(10);
    private static final Duration CHANGE = Duration.ofSeconds(30);

    /** What a master says of it; the time is from the free seat to the first fact and open doors. */
    private static final Pattern TOOK_OVER = Pattern
            .compile("took-over store=\\S+ epoch=\\d+ ms=(\\d+)");
    private static final Pattern REHEARSED = Pattern
            .compile("rehearsal-ended ms=\\d+ instances=(\\d+)");

    /** A standby rehearses again once the cluster is so many times larger. */
    private static final int GROWTH = 4;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--instances", defaultValue = "100000", paramLabel = "N", //
            description = "Running instances (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = "--rounds", defaultValue = "10", paramLabel = "N", //
            description = "Leaders killed (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--store", defaultValue = "zookeeper", paramLabel = "STORE", //
            description = "zookeeper or etcd (default: ${DEFAULT-VALUE}).")
    private String store = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Optional<Ensemble.Kind> kind = Ensemble.Kind.named(store);
        if (rounds < 1 || instances < APPS || kind.isEmpty()) {
            return refuse("--rounds is 1 or more, --instances " + APPS
                    + " or more, --store zookeeper or etcd");
        }
        if (!kind.get().missing().isEmpty()) {
            return refuse(kind.get().missing());
        }
        Path folder = Files.createTempDirectory("tide-takeover");
        try (Pair pair = new Pair(folder, kind.get())) {
            pair.fill(instances / APPS);
            int rehearsedMin = instances / APPS * APPS / GROWTH;
            out.printf("%d instances of %d apps run; position %d%n", instances / APPS * APPS, APPS,
                    pair.position(pair.leader()));
            List<Double> took = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                took.add(pair.round(rehearsedMin));
                out.printf("  round %d: %.0f ms%n", round, took.getLast());
            }
            out.println(new Distribution("free seat to leading", took));
            out.flush();
        } catch (ChaosException failed) {
            throw new ChaosException(failed.getMessage() + "; the logs are in " + folder, failed);
        }
        Folders.delete(folder);
        return ExitCode.OK;
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println("tide bench takeover: " + why);
        return ExitCode.USAGE;
    }

    /** Two masters on one store. */
    private static final class Pair implements AutoCloseable {

        private final Ensemble ensemble;
        private final Masters api;
        private final List<ServerProcess> masters = new ArrayList<>();
        private final FakeAgents agents;

        Pair(Path folder, Ensemble.Kind kind) {
            Ports ports = new Ports();
            ensemble = new Ensemble(kind, folder, ports);
            List<Integer> clients = List.of(ports.next(), ports.next());
            api = new Masters(clients);
            ensemble.servers().forEach(ServerProcess::start);
            List<Integer> servers = List.of(ensemble.clientPort(0), ensemble.clientPort(1),
                    ensemble.clientPort(2));
            int doors = ports.next();
            for (int port : clients) {
                int door = port == clients.getFirst() ? doors : ports.next();
                ServerProcess master = new ServerProcess("master-" + (masters.size() + 1),
                        Java.command(List.of("-Xmx1g", "-XX:+UseG1GC"),
                                "io.springtide.master.MasterMain",
                                // Agents that follow nobody must not be given up.
                                List.of("--listen", "127.0.0.1:" + port, "--agent-listen",
                                        "127.0.0.1:" + door, "--store", kind.uri(servers),
                                        "--agent-suspect-after", "20h",
                                        "--agent-unreachable-after", "21h", "--agent-lost-after",
                                        "22h")),
                        folder);
                masters.add(master);
                master.start();
                int started = masters.size() - 1;
                Pause.until("master-" + masters.size() + " to be ready", FILL,
                        () -> started == 0 ? api.leads(0) : api.ready(started));
            }
            agents = new FakeAgents(doors, AGENTS);
        }

        int leader() {
            return api.leader().orElseThrow(() -> new ChaosException("no master leads"));
        }

        long position(int master) {
            return api.status(master).map(status -> status.path("position").asLong(-1)).orElse(-1L);
        }

        void fill(int each) {
            Pause.until("all agents to be live", FILL, () -> api.status(0)
                    .filter(one -> one.path("agents").path("live").asInt() == AGENTS).isPresent());
            for (int from = 0; from < APPS; from += APPS_AT_ONCE) {
                StringJoiner apps = new StringJoiner(",", "[", "]");
                for (int app = from; app < from + APPS_AT_ONCE; app++) {
                    apps.add("""
                            {"id":"/shop-%d/service-%d","cmd":"./serve --port $PORT0","cpus":0.05,
                             "mem":64,"instances":%d,"env":{"LOG_LEVEL":"info"},
                             "portDefinitions":[{"port":%d,"name":"http"}]}"""
                            .formatted(app % 20, app, each, PORT_FIRST + app));
                }
                Reply reply = api.send(0, "PUT", "/v2/apps?partialUpdate=false", apps.toString(),
                        CHANGE);
                if (!reply.accepted()) {
                    throw new ChaosException("the apps were answered with " + reply);
                }
            }
            Pause.until("all instances to run", FILL, () -> {
                Reply reply = api.get(0, "/v2/deployments");
                return reply.status() == 200 && reply.body().isEmpty();
            });
        }

        /**
         * Kills the leader when the standby knows all it knows and has rehearsed.
         *
         * @param rehearsedMin with so many instances
         */
        double round(int rehearsedMin) {
            int leader = leader();
            int standby = 1 - leader;
            Pause.until("the standby to be warm", FILL,
                    () -> found(REHEARSED, standby).stream()
                            .anyMatch(count -> Long.parseLong(count) > rehearsedMin));
            Pause.until("the standby to have caught up", FILL, () -> api.ready(standby)
                    && position(standby) >= 0 && position(standby) == position(leader));
            int before = found(TOOK_OVER, standby).size();
            masters.get(leader).kill();
            Pause.until("the standby to lead", FILL,
                    () -> api.leads(standby) && found(TOOK_OVER, standby).size() > before);
            double took = Double.parseDouble(found(TOOK_OVER, standby).getLast());
            try {
                // What is looked for in its log is to be of its next life.
                Files.deleteIfExists(masters.get(leader).log());
            } catch (IOException kept) {
                throw new ChaosException("cannot delete the log of a master", kept);
            }
            masters.get(leader).start();
            return took;
        }

        private List<String> found(Pattern pattern, int master) {
            try {
                Matcher matcher = pattern.matcher(Files.readString(masters.get(master).log()));
                return matcher.results().map(one -> one.group(1)).toList();
            } catch (IOException none) {
                return List.of();
            }
        }

        @Override
        public void close() {
            agents.close();
            masters.forEach(ServerProcess::kill);
            ensemble.servers().forEach(ServerProcess::kill);
            api.close();
        }
    }
}
