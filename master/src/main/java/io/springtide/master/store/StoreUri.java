package io.springtide.master.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a cluster's facts live, as it is written on the command line.
 *
 * <ul>
 * <li>{@code file:DIR}: a folder of this machine;
 * <li>{@code zk://host:port,host:port/path}: a ZooKeeper ensemble, port 2181 if none is given;
 * <li>{@code etcd://host:port,host:port/path}: an etcd cluster, port 2379 if none is given.
 * </ul>
 *
 * <p>The path is {@code /springtide} if none is given. Clusters that share an ensemble need a path each.
 *
 * @param servers {@code host:port,host:port}, empty for a folder
 * @param path the folder, or below what everything of the cluster is
 */
public record StoreUri(Kind kind, String servers, String path) {

    /** What kinds of stores there are. */
    public enum Kind {
        FILE("file", 0), ZOOKEEPER("zk", 2181), ETCD("etcd", 2379);

        private final String scheme;
        private final int port;

        Kind(String scheme, int port) {
            this.scheme = scheme;
            this.port = port;
        }
    }

    private static final String PATH_STANDARD = "/springtide";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final Pattern HOST = Pattern
            .compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
    private static final int PORT_MAX = 65_535;

    /** ZooKeeper's own. */
    private static final String RESERVED = "/zookeeper";

    private static final String FORMS = "write file:DIR, zk://host:port,host:port/path or"
            + " etcd://host:port,host:port/path";

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is written otherwise; says how it is to be
     */
    public static StoreUri parse(String text) {
        if (text.startsWith("file:")) {
            return folder(text);
        }
        for (Kind kind : List.of(Kind.ZOOKEEPER, Kind.ETCD)) {
            String start = kind.scheme + "://";
            if (text.startsWith(start)) {
                return shared(kind, text, text.substring(start.length()));
            }
        }
        throw new IllegalArgumentException(
                "'" + withoutCredentials(text) + "' is no store: " + FORMS);
    }

    private static StoreUri folder(String text) {
        String folder = text.substring("file:".length()).replaceFirst("^///", "/");
        if (folder.isEmpty() || folder.startsWith("//")) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no folder: write file:DIR, e.g. file:/var/lib/tide");
        }
        return new StoreUri(Kind.FILE, "", Path.of(folder).toString());
    }

    private static StoreUri shared(Kind kind, String text, String rest) {
        if (rest.indexOf('@') >= 0) {
            throw new IllegalArgumentException("'" + withoutCredentials(text)
                    + "': a store's address holds no user and no password");
        }
        int slash = rest.indexOf('/');
        String hosts = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? PATH_STANDARD : rest.substring(slash).replaceFirst("/$", "");
        if (path.isEmpty()) {
            path = PATH_STANDARD;
        }
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("'" + text + "': the path '" + path
                    + "' may have letters, digits, '.', '_' and '-' between its slashes");
        }
        if (kind == Kind.ZOOKEEPER && (path + "/").startsWith(RESERVED + "/")) {
            throw new IllegalArgumentException(
                    "'" + text + "': " + RESERVED + " is ZooKeeper's own: choose another path");
        }
        return new StoreUri(kind, Arrays.stream(hosts.split(",", -1))
                .map(host -> server(kind, text, host)).collect(Collectors.joining(",")), path);
    }

    private static String server(Kind kind, String text, String server) {
        var form = HOST.matcher(server);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "': '" + server
                    + "' is no server: " + FORMS);
        }
        if (form.group(2) == null) {
            return server + ":" + kind.port;
        }
        int port = Integer.parseInt(form.group(2).substring(1));
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "'" + text + "': there is no port " + port + " as in '" + server + "'");
        }
        return server;
    }

    private static String withoutCredentials(String text) {
        return text.replaceAll("[^/:,@]*:[^/@]*@|[^/,@]*@", "***@");
    }

    /** As it is written; never with a password. */
    @Override
    public String toString() {
        return kind == Kind.FILE ? "file:" + path : kind.scheme + "://" + servers + path;
    }
}
