package io.springtide.master.store.zookeeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A ZooKeeper server as a process of its own, from the master's own jars: alone, or one of an ensemble.
 * On loopback only, since nobody who connects is asked who he is; without ZooKeeper's own web server.
 *
 * <p>Its ticks are short enough for sessions of a second and more.
 */
@Command(name = "zookeeper", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a ZooKeeper server on this machine.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:ended by a signal", "2:a wrong option", "74:the folder cannot be written"})
@SuppressWarnings("NullAway.Init") // options are set by picocli
public final class ZooKeeperProcess implements Callable<Integer> {

    private static final int EXIT_FOLDER = 74;

    /** A lost session is noticed at a multiple of this; half a second would be a sixth of a failover. */
    private static final int TICK_MS = 200;

    /** For a server to fetch what it missed, and for the farthest it may lag behind. */
    private static final int START_MS_MAX = 10_000;
    private static final int LAG_MS_MAX = 3_000;

    /** ZooKeeper's own default is 20 ticks, too few for a patient client. */
    private static final int SESSION_MS_MAX = 60_000;

    /** A log file is filled with zeros so far ahead; ZooKeeper's 64 MiB are much for a laptop. */
    private static final int LOG_AHEAD_KIB = 16 << 10;

    @Option(names = "--data", required = true, paramLabel = "DIR",
            description = "Folder of its log and snapshots; one server each.")
    private Path data;

    @Option(names = "--port", required = true, paramLabel = "PORT",
            description = "Where clients connect, on 127.0.0.1.")
    private int port;

    @Option(names = "--id", paramLabel = "N", defaultValue = "1",
            description = "Which of the servers of --ensemble this is (default: ${DEFAULT-VALUE}).")
    private int id;

    @Option(names = "--ensemble", split = ",", paramLabel = "PORT:PORT",
            description = "Of each server, in order of ids, the ports for the others and for elections,"
                    + " on 127.0.0.1. Without it the server is alone.")
    private @Nullable List<String> ensemble;

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ZooKeeperProcess()).setUsageHelpAutoWidth(true)
                .execute(arguments));
    }

    @Override
    public Integer call() {
        Path config;
        try {
            config = configure();
        } catch (IOException e) {
            System.err.println("zookeeper: cannot write to " + data + ": " + e);
            return EXIT_FOLDER;
        }
        System.setProperty("zookeeper.admin.enableServer", "false");
        System.setProperty("zookeeper.jmx.log4j.disable", "true");
        System.setProperty("zookeeper.preAllocSize", Integer.toString(LOG_AHEAD_KIB));
        QuorumPeerMain.main(new String[]{config.toString()});
        return 0;
    }

    private Path configure() throws IOException {
        Path folder = data.toAbsolutePath().normalize();
        Files.createDirectories(folder);
        List<String> lines = new ArrayList<>(List.of("tickTime=" + TICK_MS,
                "initLimit=" + START_MS_MAX / TICK_MS, "syncLimit=" + LAG_MS_MAX / TICK_MS,
                "maxSessionTimeout=" + SESSION_MS_MAX, "dataDir=" + folder, "clientPort=" + port,
                "clientPortAddress=127.0.0.1", "maxClientCnxns=0",
                "4lw.commands.whitelist=srvr,ruok",
                "autopurge.snapRetainCount=3", "autopurge.purgeInterval=1"));
        List<String> servers = ensemble == null ? List.of() : ensemble;
        for (int i = 0; i < servers.size(); i++) {
            lines.add("server." + (i + 1) + "=127.0.0.1:" + servers.get(i));
        }
        Files.writeString(folder.resolve("myid"), id + "\n");
        Path config = folder.resolve("zoo.cfg");
        Files.write(config, lines);
        return config;
    }
}
