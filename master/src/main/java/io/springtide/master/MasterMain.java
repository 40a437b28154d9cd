package io.springtide.master;

import io.springtide.api.marathon.ServerSettings;
import io.springtide.master.config.DriverSetting;
import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.config.NodesSetting;
import io.springtide.master.config.PrometheusSetting;
import io.springtide.master.config.Span;
import io.springtide.master.journal.JournalException;
import io.springtide.master.nodes.Adapters;
import io.springtide.master.store.Store;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import io.springtide.master.traffic.Drivers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of a master. */
@Command(name = "tide master", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a master: takes apps in Marathon's dialect and has agents run them.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:ended by a signal", "2:a wrong option", "70:an internal check failed",
                "74:the journal cannot be read or written", "78:a setting is refused"})
@SuppressWarnings("NullAway.Init") // options are set by picocli
public final class MasterMain implements Callable<Integer> {

    static final int EXIT_INTERNAL = 70;
    static final int EXIT_JOURNAL = 74;
    static final int EXIT_CONFIG = 78;

    /** Between two looks at whether a cluster has outgrown what was rehearsed. */
    private static final Duration REHEARSAL_PAUSE = Duration.ofSeconds(10);

    private static final List<String> FEATURES = List.of(ServerSettings.EXTERNAL_VOLUMES,
            ServerSettings.GPU_RESOURCES, ServerSettings.SECRETS);

    @Option(names = "--listen", defaultValue = "127.0.0.1:8080", paramLabel = "HOST:PORT",
            description = "Where clients connect (default: ${DEFAULT-VALUE}).")
    private String listen;

    @Option(names = "--agent-listen", defaultValue = "127.0.0.1:8081", paramLabel = "HOST:PORT",
            description = "Where agents connect (default: ${DEFAULT-VALUE}).")
    private String agentListen;

    @Option(names = "--advertise", paramLabel = "HOST:PORT",
            description = "Where other masters and clients reach --listen, if that is not its address.")
    private Optional<String> advertise = Optional.empty();

    @Option(names = "--agent-advertise", paramLabel = "HOST:PORT",
            description = "Where agents reach --agent-listen, if that is not its address.")
    private Optional<String> agentAdvertise = Optional.empty();

    @ArgGroup(multiplicity = "1")
    private Where where;

    /** Either of two ways to say where the facts are kept. */
    static final class Where {

        @Option(names = "--store", paramLabel = "URI",
                description = "Where the facts are kept: file:DIR for a single master;"
                        + " zk://HOST:PORT,.../PATH or etcd://HOST:PORT,.../PREFIX, which several masters"
                        + " share, one of them leading.")
        private Optional<String> store = Optional.empty();

        @Option(names = "--data", paramLabel = "DIR", description = "The same as --store file:DIR.")
        private Optional<Path> data = Optional.empty();

        String uri() {
            return store.or(() -> data.map(folder -> "file:" + folder)).orElseThrow();
        }
    }

    @Option(names = "--insecure-bind",
            description = "Allow addresses other than loopback, though nobody who"
                    + " connects is asked who he is.")
    private boolean insecureBind;

    @Mixin
    private AgentOptions agentOptions;

    @Option(names = "--launch-timeout", defaultValue = "5m", paramLabel = "TIME",
            description = "An instance that does not get to run for so long is replaced (default: ${DEFAULT-VALUE}).")
    private String launchTimeout;

    @Option(names = "--role", defaultValue = "*", paramLabel = "NAME",
            description = "Role of apps that name none (default: ${DEFAULT-VALUE}).")
    private String role;

    @Option(names = "--default-network-name", paramLabel = "NAME",
            description = "For container networks that have no name in a definition.")
    private Optional<String> defaultNetworkName = Optional.empty();

    @Option(names = "--prometheus", paramLabel = "URL",
            description = "The Prometheus that queries of autoscaling policies are asked of.")
    private Optional<String> prometheus = Optional.empty();

    @Option(names = "--prometheus-token-file", paramLabel = "FILE",
            description = "Holds the bearer token for it; read anew for each query.")
    private Optional<Path> prometheusToken = Optional.empty();

    @Option(names = "--enable-features", split = ",", paramLabel = "FEATURE",
            description = "Accept definitions that use these: secrets, external_volumes. Their instances"
                    + " fail with a sentence that says so, since no store for them can be configured yet.")
    private List<String> features = List.of();

    @Option(names = "--traffic", paramLabel = "NAME[=FILE]",
            description = "What load balancers the leader drives: ingress, haproxy, f5, each with a file of"
                    + " properties if it has settings; or none. May be repeated (default: ingress).")
    private List<String> traffic = List.of();

    @Option(names = "--nodes", paramLabel = "POOL=FILE",
            description = "A pool of machines that the leader orders when nothing has room, and gives back when"
                    + " they are idle; the file of properties says how. May be repeated; pools that come first"
                    + " are used first.")
    private List<String> nodes = List.of();

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new MasterMain()).setUsageHelpAutoWidth(true).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        MasterConfig config;
        try {
            config = config();
        } catch (IllegalArgumentException refused) {
            return fail(EXIT_CONFIG, refused.getMessage());
        }
        CountDownLatch ended = new CountDownLatch(1);
        try {
            Store store = Stores.open(StoreUri.parse(config.store()));
            Master master = Master.start(config, store, this::fatal);
            if (store.shared() && !master.leads()) {
                Thread.ofPlatform().name("rehearsal").daemon(true)
                        .start(() -> new Rehearsal(config, master).keepUp(REHEARSAL_PAUSE));
            }
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                        master.close();
                        ended.countDown();
                    }));
        } catch (JournalException refused) {
            return fail(EXIT_JOURNAL, refused.getMessage());
        } catch (Master.CannotStart refused) {
            return fail(EXIT_CONFIG, refused.getMessage());
        }
        ended.await();
        return 0;
    }

    private MasterConfig config() {
        HostPort clients = HostPort.parse(listen);
        HostPort agents = HostPort.parse(agentListen);
        return new MasterConfig(clients, agents, advertise.map(HostPort::parse).orElse(clients),
                agentAdvertise.map(HostPort::parse).orElse(agents),
                StoreUri.parse(where.uri()).toString(), insecureBind,
                agentOptions.times(), Span.parse(launchTimeout), dialect(), prometheus(),
                drivers(), pools());
    }

    private Optional<PrometheusSetting> prometheus() {
        if (prometheusToken.isPresent() && prometheus.isEmpty()) {
            throw new IllegalArgumentException("--prometheus-token-file is of no use without"
                    + " --prometheus: say whose token it is");
        }
        return prometheus.map(url -> PrometheusSetting.parse(url, prometheusToken));
    }

    private List<DriverSetting> drivers() {
        List<DriverSetting> drivers = DriverSetting.parse(traffic);
        Drivers.check(drivers);
        return drivers;
    }

    private List<NodesSetting> pools() {
        List<NodesSetting> pools = NodesSetting.parse(nodes);
        Adapters.check(pools);
        return pools;
    }

    private ServerSettings dialect() {
        Set<String> on = new TreeSet<>(MasterConfig.PLAIN_DIALECT.features());
        for (String feature : features) {
            if (!FEATURES.contains(feature)) {
                throw new IllegalArgumentException("--enable-features " + feature
                        + ": there is no such feature; there are " + String.join(", ", FEATURES));
            }
            on.add(feature);
        }
        return new ServerSettings(on, role, defaultNetworkName);
    }

    /** The reign is over: what is not durable must not be seen, so nothing is tidied up. */
    private void fatal(Throwable failure) {
        boolean journal = failure instanceof JournalException;
        fail(journal ? EXIT_JOURNAL : EXIT_INTERNAL,
                (journal ? "" : "an internal check failed, please report it: ")
                        + failure.getMessage());
        if (!journal) {
            failure.printStackTrace(System.err);
        }
        Runtime.getRuntime().halt(journal ? EXIT_JOURNAL : EXIT_INTERNAL);
    }

    private static int fail(int code, @Nullable String sentence) {
        System.err.println("tide master: " + sentence);
        return code;
    }
}
