package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.master.config.Span;
import io.springtide.master.traffic.Published.Fault;
import io.springtide.master.traffic.Published.Route;
import io.springtide.master.traffic.Published.WantedSplit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what an app's labels say about its traffic: marathon-lb's, and ours, which win. A port is
 * published if the app has a group ({@code HAPROXY_GROUP}) or the port has a label of its own; a
 * service port alone publishes nothing. What cannot be read is told, and a default, or nothing, is done.
 *
 * <p>Source of the names and meanings of {@code HAPROXY_}: marathon-lb, "Templates and labels".
 */
final class LabelReader {

    /** What marathon-lb calls its cookie. */
    static final String HAPROXY_COOKIE = "mesosphere_server_id";
    static final String COOKIE = "TIDE_SERVER";

    private static final Pattern OF_PORT = Pattern
            .compile("(HAPROXY|TIDE)_(0|[1-9]\\d{0,2})_([A-Z0-9_]{1,64})");
    private static final Set<String> HAPROXY_WORDS = Set.of("VHOST", "PATH", "STICKY", "BALANCE",
            "MODE", "PORT", "GROUP", "ENABLED");
    private static final Set<String> TIDE_WORDS = Set.of("HOST", "PATH", "STICKY", "BALANCE",
            "MODE", "PORT", "GROUP", "ENABLED", "RATE", "QUEUE", "WAIT", "SLOW_START", "TIMEOUT",
            "SPLIT");
    private static final Pattern HOST = Pattern.compile(
            "(\\*\\.)?[a-z0-9_]([a-z0-9_-]{0,62})(\\.[a-z0-9_]([a-z0-9_-]{0,62}))*");
    private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,1023}");
    private static final Pattern SPLIT = Pattern
            .compile("(header|cookie):([A-Za-z0-9_.-]{1,64})=([!-~&&[^>,]]{1,256})>([!-~]{1,40})");

    private static final int HOST_LENGTH_MAX = 253;
    private static final int HOSTS_MAX = 100;
    private static final int SPLITS_MAX = 20;
    private static final int PORT_MAX = 65_535;
    private static final int RATE_MAX = 10_000_000;
    private static final int QUEUE_MAX = 1_000_000;
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);
    private static final Duration SLOW_START_MAX = Duration.ofHours(1);
    private static final Duration DRAIN_MAX = Duration.ofHours(24);

    private final String app;
    private final Map<String, String> labels;
    private final int ports;
    private final List<Fault> faults = new ArrayList<>();

    /** The app's own port is published, whatever its labels do not say. */
    private final List<String> groups;

    private LabelReader(String app, Map<String, String> labels, int ports) {
        this.app = app;
        this.labels = new TreeMap<>(labels);
        this.ports = ports;
        this.groups = words(labels.getOrDefault("HAPROXY_GROUP", ""));
    }

    /**
     * Reads labels.
     *
     * @param app its path
     * @param ports how many ports its instances have
     */
    static Published read(String app, Map<String, String> labels, int ports) {
        if (labels.keySet().stream()
                .noneMatch(name -> name.startsWith("HAPROXY_") || name.startsWith("TIDE_"))) {
            return Published.NOTHING;
        }
        return new LabelReader(app, labels, ports).all();
    }

    private Published all() {
        Set<Integer> indices = new TreeSet<>();
        labels.keySet().forEach(name -> {
            Matcher matcher = OF_PORT.matcher(name);
            if (matcher.matches()) {
                labelled(name, matcher).ifPresent(indices::add);
            } else if (misspelt(name)) {
                fault(shown(name), "has no effect here; a label of a port is like TIDE_0_HOST");
            }
        });
        if (!groups.isEmpty()) {
            if (ports == 0) {
                fault("HAPROXY_GROUP", "the app has no ports, so nothing is served");
            }
            for (int i = 0; i < ports; i++) {
                indices.add(i);
            }
        }
        List<Route> routes = new ArrayList<>();
        indices.forEach(index -> route(index).ifPresent(routes::add));
        Duration drain = labels.containsKey("TIDE_DRAIN")
                ? duration("TIDE_DRAIN", Published.DRAIN, DRAIN_MAX)
                : Published.DRAIN;
        return new Published(routes, drain, faults);
    }

    /** All that begin so are ours; of the others only those of ports, for other tools have some, too. */
    private static boolean misspelt(String name) {
        return (name.startsWith("TIDE_") && !name.equals("TIDE_DRAIN"))
                || name.matches("(?s)HAPROXY_\\d.*");
    }

    /** The port that a label is about, if it says anything that is followed. */
    private Optional<Integer> labelled(String name, Matcher matcher) {
        int index = Integer.parseInt(matcher.group(2));
        Set<String> known = matcher.group(1).equals("TIDE") ? TIDE_WORDS : HAPROXY_WORDS;
        if (!known.contains(matcher.group(3))) {
            fault(name, "has no effect here; what is known is "
                    + String.join(", ", new TreeSet<>(known)));
            return Optional.empty();
        }
        if (index >= ports) {
            fault(name, ports == 0
                    ? "the app has no ports, so nothing is served"
                    : "the app has no port " + index + "; its ports are 0 to " + (ports - 1));
            return Optional.empty();
        }
        return Optional.of(index);
    }

    private Optional<Route> route(int index) {
        if (!flag(index, "ENABLED", true)) {
            return Optional.empty();
        }
        List<String> of = groups(index);
        Optional<Label> vhost = label(index, "HOST", "VHOST");
        Optional<Label> path = label(index, "PATH", "PATH");
        List<String> hosts = vhost.map(this::hosts).orElse(List.of());
        if (vhost.isPresent() && hosts.isEmpty()) {
            return Optional.empty();
        }
        Optional<Label> mode = label(index, "MODE", "MODE");
        boolean http = speaksHttp(index, vhost, path);
        if (mode.isPresent()) {
            String word = mode.get().value().toLowerCase(Locale.ROOT);
            if (!word.equals("http") && !word.equals("tcp")) {
                fault(mode.get().name(), "'" + shown(word)
                        + "' is neither http nor tcp; port " + index + " is not served");
                return Optional.empty();
            }
            http = word.equals("http");
        }
        int servicePort = servicePort(index, of, hosts.isEmpty() && path.isEmpty());
        return http
                ? Optional.of(http(index, of, hosts, path, servicePort))
                : tcp(index, of, vhost.or(() -> path), servicePort);
    }

    /** As with marathon-lb a virtual host means HTTP, and nothing said means TCP; ours is for HTTP. */
    private boolean speaksHttp(int index, Optional<Label> vhost, Optional<Label> path) {
        return vhost.isPresent() || path.isPresent() || TIDE_WORDS.stream()
                .filter(word -> !word.equals("PORT") && !word.equals("GROUP")
                        && !word.equals("ENABLED"))
                .anyMatch(word -> labels.containsKey("TIDE_" + index + "_" + word));
    }

    private Route http(int index, List<String> of, List<String> hosts, Optional<Label> path,
            int servicePort) {
        List<String> names = hosts;
        if (hosts.isEmpty() && path.isEmpty()) {
            // Nobody has asked for all requests: it has its own port, and a name that nobody else has.
            names = List.of(nameOf(app, index));
        }
        return new Route(index, Protocol.HTTP, names, path.map(this::path).orElse("/"),
                servicePort, of, rules(index), splits(index));
    }

    private Optional<Route> tcp(int index, List<String> of, Optional<Label> senseless,
            int servicePort) {
        senseless.ifPresent(label -> fault(label.name(),
                "means nothing to TCP, where only a service port leads to an app"));
        int port = servicePort == 0 ? Route.OF_THE_APP : servicePort;
        return Optional.of(new Route(index, Protocol.TCP, List.of(), "/", port, of, rules(index),
                List.of()));
    }

    /** The last name of the path first, e.g. {@code cart.shop.tide}. */
    static String nameOf(String app, int index) {
        String[] names = app.substring(1).split("/", -1);
        StringBuilder host = new StringBuilder(index == 0 ? "" : "port" + index + ".");
        for (int i = names.length - 1; i >= 0; i--) {
            host.append(names[i]).append('.');
        }
        return host.append("tide").toString();
    }

    private int servicePort(int index, List<String> of, boolean onlyWay) {
        Optional<Label> label = label(index, "PORT", "PORT");
        int otherwise = onlyWay || !of.isEmpty() ? Route.OF_THE_APP : 0;
        return label.isEmpty()
                ? otherwise
                : number(label.get(), otherwise, 1, PORT_MAX, "the app's own service port counts");
    }

    private List<String> groups(int index) {
        return label(index, "GROUP", "GROUP").map(label -> words(label.value())).orElse(groups);
    }

    private List<String> hosts(Label label) {
        List<String> hosts = new ArrayList<>();
        for (String word : words(label.value().toLowerCase(Locale.ROOT))) {
            if (word.length() > HOST_LENGTH_MAX || !HOST.matcher(word).matches()) {
                fault(label.name(), "'" + shown(word) + "' is not the name of a host; it is left"
                        + " out");
            } else if (hosts.size() >= HOSTS_MAX) {
                fault(label.name(), "only the first " + HOSTS_MAX + " hosts count");
                break;
            } else if (!hosts.contains(word)) {
                hosts.add(word);
            }
        }
        if (hosts.isEmpty()) {
            fault(label.name(), "no host is left, so the port is not served");
        }
        return hosts;
    }

    private String path(Label label) {
        String path = label.value().strip();
        if (!PATH.matcher(path).matches()) {
            fault(label.name(), "'" + shown(path)
                    + "' is not the beginning of a path such as /shop; / is taken");
            return "/";
        }
        return path;
    }

    private TrafficRules rules(int index) {
        TrafficRules usual = TrafficRules.DEFAULT;
        return new TrafficRules(balance(index), cookie(index),
                ours(index, "RATE", 1, RATE_MAX, usual.requestsPerSecondMax()),
                ours(index, "QUEUE", 0, QUEUE_MAX, usual.waitingMax()),
                millis(index, "WAIT", usual.waitMsMax(), WAIT_MAX),
                millis(index, "SLOW_START", usual.slowStartMs(), SLOW_START_MAX),
                millis(index, "TIMEOUT", usual.requestMsMax(), SLOW_START_MAX), List.of());
    }

    private Balance balance(int index) {
        Optional<Label> label = label(index, "BALANCE", "BALANCE");
        if (label.isEmpty()) {
            return TrafficRules.DEFAULT.balance();
        }
        return switch (label.get().value().strip().toLowerCase(Locale.ROOT)) {
            case "leastconn", "least-connections" -> Balance.LEAST_CONNECTIONS;
            case "roundrobin", "static-rr", "round-robin" -> Balance.ROUND_ROBIN;
            case "source" -> Balance.SOURCE;
            default -> {
                fault(label.get().name(), "'" + shown(label.get().value())
                        + "' is not one of leastconn, roundrobin, source; leastconn is taken");
                yield TrafficRules.DEFAULT.balance();
            }
        };
    }

    private String cookie(int index) {
        Optional<Label> label = label(index, "STICKY", "STICKY");
        if (label.isEmpty() || label.get().value().isBlank()
                || label.get().value().strip().equalsIgnoreCase("false")) {
            return "";
        }
        String value = label.get().value().strip();
        if (value.equalsIgnoreCase("true")) {
            return label.get().name().startsWith("TIDE_") ? COOKIE : HAPROXY_COOKIE;
        }
        if (!label.get().name().startsWith("TIDE_") || !COOKIE_NAME.matcher(value).matches()) {
            fault(label.get().name(), "'" + shown(value) + "' is not true, false"
                    + (label.get().name().startsWith("TIDE_") ? ", or the name of a cookie" : "")
                    + "; clients are not bound");
            return "";
        }
        return value;
    }

    private List<WantedSplit> splits(int index) {
        String name = "TIDE_" + index + "_SPLIT";
        List<WantedSplit> splits = new ArrayList<>();
        for (String word : words(labels.getOrDefault(name, ""))) {
            Matcher matcher = SPLIT.matcher(word);
            if (!matcher.matches()) {
                fault(name, "'" + shown(word) + "' is not like header:NAME=VALUE>current or"
                        + " cookie:NAME=VALUE>VERSION; it is left out");
            } else if (splits.size() >= SPLITS_MAX) {
                fault(name, "only the first " + SPLITS_MAX + " count");
                break;
            } else {
                boolean header = matcher.group(1).equals("header");
                splits.add(new WantedSplit(header ? matcher.group(2) : "",
                        header ? "" : matcher.group(2), matcher.group(3), matcher.group(4)));
            }
        }
        return splits;
    }

    // ------------------------------------------------------------ values

    private record Label(String name, String value) {}

    /** Ours, or marathon-lb's. */
    private Optional<Label> label(int index, String ours, String theirs) {
        String name = "TIDE_" + index + "_" + ours;
        String other = "HAPROXY_" + index + "_" + theirs;
        return Optional.ofNullable(labels.get(name)).map(value -> new Label(name, value))
                .or(() -> Optional.ofNullable(labels.get(other))
                        .map(value -> new Label(other, value)));
    }

    private boolean flag(int index, String word, boolean otherwise) {
        return label(index, word, word).map(label -> {
            String value = label.value().strip().toLowerCase(Locale.ROOT);
            if (!value.equals("true") && !value.equals("false")) {
                fault(label.name(), "'" + shown(value) + "' is neither true nor false; "
                        + otherwise + " is taken");
                return otherwise;
            }
            return value.equals("true");
        }).orElse(otherwise);
    }

    private int ours(int index, String word, int min, int max, int otherwise) {
        String name = "TIDE_" + index + "_" + word;
        String value = labels.get(name);
        return value == null
                ? otherwise
                : number(new Label(name, value), otherwise, min, max,
                        otherwise == 0 ? "there is no limit" : otherwise + " is taken");
    }

    private int number(Label label, int otherwise, int min, int max, String instead) {
        String value = label.value().strip();
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) < min
                || Integer.parseInt(value) > max) {
            fault(label.name(), "'" + shown(value) + "' is not a whole number from " + min + " to "
                    + max + "; " + instead);
            return otherwise;
        }
        return Integer.parseInt(value);
    }

    private int millis(int index, String word, int otherwiseMs, Duration max) {
        String name = "TIDE_" + index + "_" + word;
        return labels.containsKey(name)
                ? (int) duration(name, Duration.ofMillis(otherwiseMs), max).toMillis()
                : otherwiseMs;
    }

    private Duration duration(String name, Duration otherwise, Duration max) {
        String value = labels.getOrDefault(name, "").strip();
        try {
            Duration span = value.equals("0") ? Duration.ZERO : Span.parse(value);
            if (span.compareTo(max) <= 0) {
                return span;
            }
            fault(name, "'" + shown(value) + "' is too long; " + max.toSeconds()
                    + "s, the longest, is taken");
            return max;
        } catch (IllegalArgumentException wrong) {
            fault(name, "'" + shown(value) + "' is not a length of time such as 250ms, 5s, 10m; "
                    + otherwise.toMillis() + "ms is taken");
            return otherwise;
        }
    }

    private static List<String> words(String value) {
        List<String> words = new ArrayList<>();
        for (String word : value.split("[,\\s]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static String shown(String value) {
        return value.length() > 40 ? value.substring(0, 40) + "..." : value;
    }

    private void fault(String label, String text) {
        faults.add(new Fault(label, text));
    }
}
