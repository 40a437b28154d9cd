package io.springtide.cloud.ingress;

import io.springtide.cloud.ingress.feed.DataFolder;
import io.springtide.cloud.ingress.feed.Feed;
import io.springtide.cloud.ingress.proxy.CookieKeys;
import io.springtide.cloud.ingress.proxy.Ingress;
import io.springtide.cloud.ingress.proxy.IngressLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load balancer as a process: {@code tide ingress}. */
@Command(name = "tide ingress", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Serves the traffic of apps: takes requests and connections, and gives them to"
                + " instances that are ready.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:ended by a signal",
                "74:the data folder cannot be used", "78:an option or an address cannot be used"})
public final class IngressMain implements Callable<Integer> {

    static {
        // Not logback.xml: the master has this module on its class path, too, and its own of that name.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "logback-ingress.xml");
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(IngressMain.class);
    private static final int EXIT_FOLDER = 74;
    private static final int EXIT_CONFIG = 78;
    private static final long START_SECONDS = 30;

    @Option(names = "--listen", defaultValue = "127.0.0.1:8082", paramLabel = "HOST:PORT",
            description = "Where clients connect (${DEFAULT-VALUE}). Ports of services are opened at the"
                    + " same host.")
    private String listen = "";

    @Option(names = "--masters", defaultValue = "http://127.0.0.1:8080", split = ",",
            paramLabel = "URL",
            description = "Masters that are asked for the table (${DEFAULT-VALUE}).")
    private List<String> masters = List.of();

    @Option(names = "--group", paramLabel = "NAME",
            description = "Serve only services of this group (HAPROXY_GROUP), and those of none; may be"
                    + " repeated. Without it all are served.")
    private List<String> groups = new ArrayList<>();

    @Option(names = "--id", defaultValue = "", paramLabel = "NAME",
            description = "Names this ingress to the masters (HOST:PORT of --listen, at this machine).")
    private String id = "";

    @Option(names = "--data-dir", paramLabel = "DIR",
            description = "Folder for the last table, so that a restart serves at once. Without it"
                    + " nothing is served until a master answers.")
    private @Nullable Path data;

    @Option(names = "--cookie-secret", paramLabel = "FILE",
            description = "A file with 16 bytes or more, the same for all ingresses, so that a sticky"
                    + " session is one with all of them. Without it, one of --data-dir.")
    private @Nullable Path cookieSecret;

    @Option(names = "--admin", defaultValue = "127.0.0.1:8083", paramLabel = "HOST:PORT",
            description = "Where GET /status and GET /metrics are answered (${DEFAULT-VALUE}).")
    private String admin = "";

    @Option(names = "--drain", defaultValue = "30", paramLabel = "SECONDS",
            description = "After SIGTERM, requests under way have so long to end (${DEFAULT-VALUE}).")
    private int drainSeconds;

    @Option(names = "--loops", defaultValue = "0", paramLabel = "N",
            description = "Event loops; 0 = one a processor (${DEFAULT-VALUE}).")
    private int loops;

    @Option(names = "--connections", defaultValue = "0", paramLabel = "N",
            description = "Connections of clients at most; 0 = "
                    + "20000 (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--instance-connections", defaultValue = "0", paramLabel = "N",
            description = "Connections to one instance at most; further requests wait for another or"
                    + " for their turn. At least one an event loop; 0 = 1024 (${DEFAULT-VALUE}).")
    private int instanceConnections;

    @Option(names = "--trust-forwarded",
            description = "Clients are proxies of your own: keep what their X-Forwarded-For says. Without"
                    + " it, it is replaced.")
    private boolean trustForwarded;

    /** Runs until it is ended by a signal. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new IngressMain());
        command.setUsageHelpAutoWidth(true);
        command.setParameterExceptionHandler((wrong, given) -> {
            wrong.getCommandLine().getErr()
                    .println("ingress: " + wrong.getMessage() + "; --help lists the options");
            wrong.getCommandLine().getErr().flush();
            return EXIT_CONFIG;
        });
        int exit = command.execute(arguments);
        // After a signal the JVM ends by itself, once the hook has done its work.
        if (exit != 0 || command.isUsageHelpRequested() || command.isVersionHelpRequested()) {
            System.exit(exit);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Vertx vertx = null;
        try {
            Address address = Address.parse("--listen", listen);
            Address adminAddress = Address.parse("--admin", admin);
            List<URI> urls = masters.stream().map(IngressMain::masterUrl).toList();
            Optional<DataFolder> folder = data == null
                    ? Optional.empty()
                    : Optional.of(new DataFolder(data));
            IngressLimits limits = limits();
            vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)
                    .setEventLoopPoolSize(limits.loops()));
            Ingress ingress = await(Ingress.start(vertx, address.host(), address.port(), groups,
                    new CookieKeys(secret(folder)), trustForwarded, limits), "--listen", address);
            String name = id.isEmpty() ? hostname() + ":" + ingress.port() : id;
            Feed feed = new Feed(ingress, urls, name, groups, folder);
            await(new AdminServer(name, ingress, feed).listen(vertx, adminAddress.host(),
                    adminAddress.port()), "--admin", adminAddress);
            feed.start();
            LOG.info("ingress-listens {}:{} id={} masters={} admin={} loops={} native={}",
                    address.host(), ingress.port(), name, urls, adminAddress, limits.loops(),
                    vertx.isNativeTransportEnabled());
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop")
                    .unstarted(() -> stop(ingress, feed)));
            new CountDownLatch(1).await();
            return 0;
        } catch (IOException broken) {
            return refuse(vertx, EXIT_FOLDER, "the data folder " + data + " cannot be used: "
                    + broken.getMessage());
        } catch (IllegalArgumentException wrong) {
            return refuse(vertx, EXIT_CONFIG, String.valueOf(wrong.getMessage()));
        }
    }

    private static int refuse(@Nullable Vertx vertx, int exit, String sentence) {
        System.err.println("ingress: " + sentence);
        if (vertx != null) {
            vertx.close();
        }
        return exit;
    }

    private IngressLimits limits() {
        IngressLimits all = IngressLimits.ofMachine();
        return new IngressLimits(loops > 0 ? loops : all.loops(),
                connections > 0 ? connections : all.clientsMax(),
                instanceConnections > 0 ? instanceConnections : all.linesMax(),
                all.headerBytesMax(), all.connectMsMax(), all.lineIdleMs(), all.clientIdleMs(),
                all.stallMsMax(), all.silenceMsMax());
    }

    private byte[] secret(Optional<DataFolder> folder) throws IOException {
        if (cookieSecret != null) {
            try {
                return Files.readAllBytes(cookieSecret);
            } catch (IOException broken) {
                throw new IllegalArgumentException(
                        "--cookie-secret " + cookieSecret + " cannot be read: " + broken, broken);
            }
        }
        if (folder.isPresent()) {
            return folder.get().secret();
        }
        byte[] drawn = new byte[32];
        new SecureRandom().nextBytes(drawn);
        return drawn;
    }

    private static <T> T await(Future<T> start, String option, Address address)
            throws InterruptedException {
        try {
            return start.toCompletionStage().toCompletableFuture().get(START_SECONDS,
                    TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalArgumentException(option + " " + address + " cannot be listened at: "
                    + reason(failed) + "; see who has it: ss -ltnp 'sport = :"
                    + address.port() + "'", failed);
        } catch (TimeoutException late) {
            throw new IllegalArgumentException(option + " " + address + " cannot be listened at: no"
                    + " answer from the system within " + START_SECONDS + " s", late);
        }
    }

    private static @Nullable String reason(ExecutionException failed) {
        Throwable cause = failed.getCause();
        return cause == null ? failed.getMessage() : cause.getMessage();
    }

    private void stop(Ingress ingress, Feed feed) {
        LOG.info("ingress-stops drain={}s", drainSeconds);
        try {
            int cut = ingress.drain(drainSeconds * 1_000L).toCompletionStage()
                    .toCompletableFuture().get(drainSeconds + 5, TimeUnit.SECONDS);
            LOG.info("ingress-stopped cut={}", cut);
        } catch (ExecutionException | TimeoutException failed) {
            LOG.warn("ingress-not-drained", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        feed.close();
        // Ended as it was told to: not the 143 that the JVM would make of the signal.
        Runtime.getRuntime().halt(0);
    }

    private static String hostname() {
        String name = System.getenv("HOSTNAME");
        try {
            return name != null && !name.isEmpty()
                    ? name
                    : java.net.InetAddress.getLocalHost().getHostName();
        } catch (java.net.UnknownHostException unknown) {
            return "localhost";
        }
    }

    private static URI masterUrl(String text) {
        String plain = text.strip();
        while (plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        try {
            URI url = URI.create(plain);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null
                    && (url.getPath() == null || url.getPath().isEmpty())) {
                return url;
            }
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--masters: '" + text + "' is not a URL: "
                    + wrong.getMessage(), wrong);
        }
        throw new IllegalArgumentException("--masters: '" + text
                + "' is not the URL of a master, which is like http://127.0.0.1:8080");
    }
}
