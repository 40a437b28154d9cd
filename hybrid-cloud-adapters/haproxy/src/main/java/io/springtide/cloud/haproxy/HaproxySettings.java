package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator says about a HAProxy.
 *
 * @param config the configuration file, which the driver owns
 * @param socket the stats socket, which the configuration makes HAProxy open
 * @param masterSocket socket of the master process ({@code haproxy -W -S}), by which it is reloaded
 * @param reload the command that reloads it, word by word, where there is no master socket
 * @param binds where virtual hosts are served: an address with a port, and options as HAProxy knows them
 * @param serviceBind address on which service ports are opened
 * @param groups which services are meant; empty = all
 * @param slotsMin so many servers a service has room for at least; a power of two
 * @param connectionsMax so many requests an endpoint gets at once, further ones wait; 0 = no limit
 * @param program HAProxy's program, which checks a configuration before it is used
 * @param global a file with further lines for the section "global"
 * @param stickyIdleSeconds so long a client bound to an endpoint is expected back
 */
record HaproxySettings(Path config, Path socket, Optional<Path> masterSocket, List<String> reload,
        List<String> binds, String serviceBind, List<String> groups, int slotsMin,
        int connectionsMax, String program, Optional<Path> global, int stickyIdleSeconds) {

    private static final List<String> KNOWN = List.of("config", "socket", "master-socket",
            "reload", "bind", "service-bind", "groups", "slots", "connections", "program", "global",
            "sticky-idle-seconds");
    private static final Pattern PORTS = Pattern.compile(":([0-9]{1,5})(?:-([0-9]{1,5}))?$");
    /** Longer paths do not fit into a socket's address. */
    private static final int SOCKET_PATH_MAX = 90;

    HaproxySettings {
        reload = List.copyOf(reload);
        binds = List.copyOf(binds);
        groups = List.copyOf(groups);
    }

    /**
     * Reads what the operator wrote.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static HaproxySettings of(Map<String, String> given) {
        Settings settings = new Settings(HaproxyDriver.NAME, given, KNOWN);
        Optional<Path> master = settings.file("master-socket");
        List<String> reload = settings.words("reload", "", "\\s+");
        settings.require(master.isPresent() || !reload.isEmpty(), "say how it is reloaded:"
                + " master-socket=PATH (of haproxy -W -S PATH), or reload=COMMAND");
        int slots = settings.number("slots", 8, 1, 1024);
        settings.require(Integer.bitCount(slots) == 1,
                "slots is a power of two from 1 to 1024, not " + slots);
        List<String> binds = settings.words("bind", "127.0.0.1:80", ",");
        settings.require(!binds.isEmpty(), "bind is empty; e.g. bind=*:80");
        String serviceBind = settings.text("service-bind", "127.0.0.1");
        settings.require(serviceBind.matches("[0-9A-Za-z:.*]+"), "service-bind is an address"
                + " without a port, e.g. 0.0.0.0, not '" + serviceBind + "'");
        return new HaproxySettings(path(settings, "config", 4000),
                path(settings, "socket", SOCKET_PATH_MAX), master, reload, binds, serviceBind,
                settings.words("groups", "", ","), slots,
                settings.number("connections", 1_000, 0, 1_000_000),
                settings.text("program", "haproxy"), settings.file("global"),
                settings.number("sticky-idle-seconds", 30, 0, 86_400));
    }

    private static Path path(Settings settings, String name, int lengthMax) {
        String value = settings.text(name, "");
        settings.require(value.startsWith("/") && value.length() <= lengthMax
                && value.chars().noneMatch(c -> c <= ' ' || "\"'\\#".indexOf(c) >= 0),
                name + " must be an absolute path without spaces or quotes, of at most "
                        + lengthMax + " characters; it is '" + value + "'");
        return Path.of(value);
    }

    /** Whether virtual hosts are served on this port, on whatever address. */
    boolean shared(int port) {
        return binds.stream().map(bind -> PORTS.matcher(bind.split("\\s", 2)[0]))
                .filter(Matcher::find).anyMatch(m -> {
                    int first = Integer.parseInt(m.group(1));
                    int last = m.group(2) == null ? first : Integer.parseInt(m.group(2));
                    return first <= port && port <= last;
                });
    }
}
