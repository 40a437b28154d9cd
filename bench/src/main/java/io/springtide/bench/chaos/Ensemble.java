package io.springtide.bench.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The servers of a store that masters share: how they are started, and how they are reached. */
final class Ensemble {

    /** Fewest of which one may be lost. */
    static final int SERVERS = 3;

    /** What Debian's package installs. */
    private static final Path ETCD = Path.of("/usr/bin/etcd");

    /** Which stores can be tried. */
    enum Kind {
        ZOOKEEPER("zk"), ETCD("etcd");

        private final String scheme;

        Kind(String scheme) {
            this.scheme = scheme;
        }

        /** As the options of our commands name it. */
        static Optional<Kind> named(String name) {
            return Arrays.stream(values())
                    .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name)).findFirst();
        }

        /** What of the store is missing on this machine; empty if nothing is. */
        String missing() {
            return this == ETCD && !Files.isExecutable(Ensemble.ETCD)
                    ? "there is no " + Ensemble.ETCD + "; build-support/install-etcd.sh installs it"
                    : "";
        }

        /** As the masters' option {@code --store} wants it. */
        String uri(List<Integer> ports) {
            return scheme + "://" + ports.stream().map(port -> "127.0.0.1:" + port)
                    .collect(Collectors.joining(",")) + "/springtide";
        }
    }

    private final List<Integer> clientPorts;
    private final List<ServerProcess> servers;

    Ensemble(Kind kind, Path folder, Ports ports) {
        clientPorts = IntStream.range(0, SERVERS).mapToObj(unused -> ports.next()).toList();
        List<Integer> peers = IntStream.range(0, SERVERS).mapToObj(unused -> ports.next())
                .toList();
        List<Integer> elections = IntStream.range(0, SERVERS).mapToObj(unused -> ports.next())
                .toList();
        servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            String name = (kind == Kind.ETCD ? "etcd-" : "zookeeper-") + (i + 1);
            Path data = folder.resolve(name);
            servers.add(new ServerProcess(name, kind == Kind.ETCD
                    ? etcd(i, data, peers)
                    : zooKeeper(i, data, peers, elections), folder));
        }
    }

    List<ServerProcess> servers() {
        return servers;
    }

    int clientPort(int index) {
        return clientPorts.get(index);
    }

    private List<String> zooKeeper(int index, Path data, List<Integer> peers,
            List<Integer> elections) {
        return Java.command(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                "io.springtide.master.store.zookeeper.ZooKeeperProcess",
                List.of("--data", data.toString(), "--port",
                        Integer.toString(clientPorts.get(index)), "--id",
                        Integer.toString(index + 1), "--ensemble", IntStream.range(0, SERVERS)
                                .mapToObj(one -> peers.get(one) + ":" + elections.get(one))
                                .collect(Collectors.joining(","))));
    }

    private List<String> etcd(int index, Path data, List<Integer> peers) {
        String clients = "http://127.0.0.1:" + clientPorts.get(index);
        String own = "http://127.0.0.1:" + peers.get(index);
        return List.of(ETCD.toString(), "--name", "etcd-" + (index + 1), "--data-dir",
                data.toString(), "--listen-client-urls", clients, "--advertise-client-urls",
                clients, "--listen-peer-urls", own, "--initial-advertise-peer-urls", own,
                "--initial-cluster", IntStream.range(0, SERVERS)
                        .mapToObj(one -> "etcd-" + (one + 1) + "=http://127.0.0.1:"
                                + peers.get(one))
                        .collect(Collectors.joining(",")));
    }
}
