package io.springtide.cloud.haproxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

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

    private static final TreeSet<String> KNOWN = new TreeSet<>(List.of("config", "socket",
            "master-socket", "reload", "bind", "service-bind", "groups", "slots", "connections",
            "program", "global", "sticky-idle-seconds"));
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
    static HaproxySettings of(Map<String, String> settings) {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            require(KNOWN.contains(setting.getKey()), "haproxy: there is no setting '"
                    + setting.getKey() + "'; there are " + String.join(", ", KNOWN));
            require(setting.getValue().chars().noneMatch(Character::isISOControl),
                    "haproxy: '" + setting.getKey() + "' has a control character in it");
        }
        Optional<Path> master = Optional.ofNullable(settings.get("master-socket")).map(Path::of);
        List<String> reload = words(settings.getOrDefault("reload", ""), "\\s+");
        require(master.isPresent() || !reload.isEmpty(), "haproxy: say how it is reloaded:"
                + " master-socket=PATH (of haproxy -W -S PATH), or reload=COMMAND");
        int slots = number(settings, "slots", 8, 1, 1024);
        require(Integer.bitCount(slots) == 1,
                "haproxy: slots is a power of two from 1 to 1024, not " + slots);
        List<String> binds = words(settings.getOrDefault("bind", "127.0.0.1:80"), ",");
        require(!binds.isEmpty(), "haproxy: bind is empty; e.g. bind=*:80");
        String serviceBind = settings.getOrDefault("service-bind", "127.0.0.1");
        require(serviceBind.matches("[0-9A-Za-z:.*]+"), "haproxy: service-bind is an address"
                + " without a port, e.g. 0.0.0.0, not '" + serviceBind + "'");
        return new HaproxySettings(path(settings, "config", 4000),
                path(settings, "socket", SOCKET_PATH_MAX), master, reload, binds, serviceBind,
                words(settings.getOrDefault("groups", ""), ","), slots,
                number(settings, "connections", 1_000, 0, 1_000_000),
                settings.getOrDefault("program", "haproxy"),
                Optional.ofNullable(settings.get("global")).map(Path::of),
                number(settings, "sticky-idle-seconds", 30, 0, 86_400));
    }

    private static Path path(Map<String, String> settings, String name, int lengthMax) {
        String value = settings.getOrDefault(name, "");
        require(value.startsWith("/") && value.length() <= lengthMax
                && value.chars().noneMatch(c -> c <= ' ' || "\"'\\#".indexOf(c) >= 0),
                "haproxy: " + name + " must be an absolute path without spaces or quotes, of at"
                        + " most " + lengthMax + " characters; it is '" + value + "'");
        return Path.of(value);
    }

    private static int number(Map<String, String> settings, String name, int otherwise, int min,
            int max) {
        String value = settings.getOrDefault(name, Integer.toString(otherwise));
        boolean number = value.matches("[0-9]{1,9}");
        require(number && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max,
                "haproxy: " + name + " is a number from " + min + " to " + max + ", not '" + value
                        + "'");
        return Integer.parseInt(value);
    }

    private static List<String> words(String text, String separator) {
        return new ArrayList<>(Arrays.stream(text.split(separator, -1)).map(String::strip)
                .filter(word -> !word.isEmpty()).toList());
    }

    private static void require(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
