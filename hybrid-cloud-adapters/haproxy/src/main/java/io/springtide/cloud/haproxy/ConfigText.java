package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.TrafficRules;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A plan in HAProxy's words. What needs a reload is the structure; it has a digest, which HAProxy shows as
 * its description, so that everybody can see which one is in force. The servers' addresses and weights are
 * no part of it: they are changed on the socket, and written down for a HAProxy that is started anew.
 */
final class ConfigText {

    /** Before the digest, in the description. */
    static final String MARK = "springtide-";
    /** Names of the frontends that have a port of their own. */
    static final String PORT = "st_port_";

    private static final String DAY = "24h";

    private final HaproxySettings settings;
    private final Plan plan;
    private final String cookieKey;
    private final String global;
    private final String structure;

    /**
     * Of one plan.
     *
     * @param cookieKey secret of which the sticky cookies' values are made
     * @param global the operator's own lines
     */
    ConfigText(HaproxySettings settings, Plan plan, String cookieKey, String global) {
        this.settings = settings;
        this.plan = plan;
        this.cookieKey = cookieKey;
        this.global = global;
        this.structure = Words.digest(routes() + wildcards() + text("", Map.of())).substring(0, 16);
    }

    String structure() {
        return structure;
    }

    /** Name of the file with {@link #routes}; another one for other contents. */
    String routesFile() {
        return settings.config() + "." + Words.digest(routes()).substring(0, 12) + ".routes";
    }

    /** Name of the file with {@link #wildcards}. */
    String wildcardsFile() {
        return settings.config() + "." + Words.digest(wildcards()).substring(0, 12) + ".wildcards";
    }

    /** Host and path to backend; of several the longest counts. */
    String routes() {
        return plan.routes().stream().map(r -> r.host() + r.pathPrefix() + " " + r.backend() + "\n")
                .collect(Collectors.joining());
    }

    /** End of a host's name to the name under which {@link #routes} has it; the longest first. */
    String wildcards() {
        return plan.routes().stream().map(Plan.Route::host).filter(h -> h.startsWith("*."))
                .distinct().sorted(Comparator.comparingInt(String::length).reversed())
                .map(h -> h.substring(1) + " " + h + "\n").collect(Collectors.joining());
    }

    /**
     * The configuration.
     *
     * @param servers wanted of each backend, by name
     */
    String text(Map<String, Map<String, ServerState>> servers) {
        return text(MARK + structure, servers);
    }

    private String text(String description, Map<String, Map<String, ServerState>> servers) {
        StringBuilder text = new StringBuilder(4_096);
        text.append(
                "# Written by Springtide, again and again: changes by hand are lost.\nglobal\n");
        line(text, "description " + (description.isEmpty() ? MARK : description));
        line(text, "stats socket " + settings.socket()
                + " mode 600 level admin expose-fd listeners");
        line(text, "stats timeout 2m");
        line(text, "hard-stop-after 1h");
        global.lines().map(String::strip).filter(l -> !l.isEmpty())
                .forEach(l -> line(text, l));
        text.append("\ndefaults\n");
        for (String each : List.of("mode http", "timeout connect 2s", "timeout client 60s",
                "timeout server 60s", "timeout http-request 10s", "timeout http-keep-alive 60s",
                "timeout tunnel 1h", "retries 3", "option redispatch 1", "option dontlognull")) {
            line(text, each);
        }
        shared(text);
        for (Plan.Port port : plan.ports()) {
            port(text, port);
        }
        for (Plan.Backend backend : plan.backends()) {
            backend(text, backend, servers.getOrDefault(backend.name(), Map.of()));
        }
        return text.toString();
    }

    private void shared(StringBuilder text) {
        text.append("\nfrontend st_hosts\n");
        settings.binds().forEach(bind -> line(text, "bind " + bind));
        String be = "{ var(txn.st_be) -m found }";
        String routes = ",map_beg(" + routesFile() + ")";
        forwarded(text);
        line(text, "http-request set-var(txn.st_host) req.hdr(host),lower,field(1,:)");
        line(text, "http-request set-var(txn.st_path) path");
        line(text, "http-request set-var(txn.st_be) var(txn.st_host),concat(,txn.st_path,/)"
                + routes + " if { var(txn.st_host) -m found }");
        line(text, "http-request set-var(txn.st_wild) var(txn.st_host),map_end("
                + wildcardsFile() + ") if !" + be);
        line(text, "http-request set-var(txn.st_be) var(txn.st_wild),concat(,txn.st_path,/)"
                + routes + " if !" + be + " { var(txn.st_wild) -m found }");
        line(text, "http-request set-var(txn.st_be) var(txn.st_path),concat(/)" + routes
                + " if !" + be);
        line(text, "http-request return status 404 content-type text/plain string"
                + " 'No service has this host and path.' if !" + be);
        for (Plan.Backend backend : plan.backends()) {
            for (Plan.Choice choice : backend.choices()) {
                line(text, "use_backend " + choice.backend() + " if { var(txn.st_be) -m str -- "
                        + backend.name() + " } " + condition(choice));
            }
        }
        line(text, "use_backend %[var(txn.st_be)]");
    }

    private void port(StringBuilder text, Plan.Port port) {
        text.append("\nfrontend ").append(PORT).append(port.port()).append('\n');
        line(text, "mode " + (port.tcp() ? "tcp" : "http"));
        line(text, "bind " + settings.serviceBind() + ":" + port.port());
        if (port.tcp()) {
            line(text, "timeout client " + DAY);
        } else {
            forwarded(text);
            plan.backends().stream().filter(b -> b.name().equals(port.backend()))
                    .flatMap(b -> b.choices().stream()).forEach(choice -> line(text,
                            "use_backend " + choice.backend() + " if " + condition(choice)));
        }
        line(text, "default_backend " + port.backend());
    }

    private static void forwarded(StringBuilder text) {
        line(text, "option forwardfor");
        line(text, "http-request set-header X-Forwarded-Proto https if { ssl_fc }");
        line(text, "http-request set-header X-Forwarded-Proto http unless { ssl_fc }");
    }

    private static String condition(Plan.Choice choice) {
        TrafficRules.Split split = choice.split();
        String sample = split.header().isEmpty()
                ? "req.cook(" + split.cookie() + ")"
                : "req.hdr(" + split.header() + ")";
        return "{ " + sample + " -m str -- '" + split.value() + "' } { nbsrv(" + choice.backend()
                + ") gt 0 }";
    }

    private void backend(StringBuilder text, Plan.Backend backend,
            Map<String, ServerState> servers) {
        TrafficRules rules = backend.rules();
        text.append("\nbackend ").append(backend.name()).append('\n');
        line(text, "mode " + (backend.tcp() ? "tcp" : "http"));
        line(text, "balance " + switch (rules.balance()) {
            case LEAST_CONNECTIONS -> "leastconn";
            case ROUND_ROBIN -> "roundrobin";
            case SOURCE -> "source";
        });
        if (rules.balance() == TrafficRules.Balance.SOURCE) {
            // The other kind of hash knows no weights that change.
            line(text, "hash-type consistent");
        }
        line(text, "timeout server " + (backend.tcp() || rules.requestMsMax() <= 0
                ? DAY
                : rules.requestMsMax() + "ms"));
        // 0 would mean for ever.
        line(text, "timeout queue " + (rules.waitingMax() <= 0 ? 1 : Math.max(1, rules.waitMsMax()))
                + "ms");
        if (!backend.tcp()) {
            line(text, "retry-on conn-failure");
            if (!rules.stickyCookie().isEmpty()) {
                line(text, "cookie " + rules.stickyCookie()
                        + " insert indirect nocache httponly dynamic");
                line(text, "dynamic-cookie-key " + cookieKey);
            }
        }
        bounds(text, backend);
        int slowSeconds = (rules.slowStartMs() + 999) / 1_000;
        String server = (settings.connectionsMax() > 0
                ? " maxconn " + settings.connectionsMax()
                : "") + (slowSeconds > 0 ? " slowstart " + slowSeconds + "s" : "");
        if (!server.isEmpty()) {
            line(text, "default-server" + server);
        }
        for (int i = 0; i < backend.slots(); i++) {
            line(text, server(Slots.name(i),
                    servers.getOrDefault(Slots.name(i), ServerState.FREE)));
        }
    }

    /**
     * Only what was let through counts, else nobody would get through once too many have come. A service
     * has one count, whatever its versions.
     */
    private static void bounds(StringBuilder text, Plan.Backend backend) {
        TrafficRules rules = backend.rules();
        if (rules.requestsPerSecondMax() > 0) {
            String rule = backend.tcp() ? "tcp-request content " : "http-request ";
            String whole = Words.named(Planner.PREFIX, backend.service());
            if (backend.name().equals(whole)) {
                line(text, "stick-table type integer size 1k expire 1m store gpc0,gpc0_rate(1s)");
            }
            line(text, rule + "track-sc1 int(1) table " + whole);
            line(text, rule + (backend.tcp()
                    ? "reject"
                    : "deny deny_status 429 hdr Retry-After 1") + " if { sc1_gpc0_rate ge "
                    + rules.requestsPerSecondMax() + " }");
            line(text, rule + "sc-inc-gpc0(1)");
        }
        if (rules.waitingMax() > 0 && !backend.tcp()) {
            line(text, "http-request deny deny_status 503 hdr Retry-After 1 if { queue("
                    + backend.name() + ") ge " + rules.waitingMax() + " }");
        }
    }

    private static String server(String name, ServerState state) {
        String address = state.address().indexOf(':') >= 0
                ? "ipv6@" + state.address()
                : state.address();
        // A server in drain is one of weight 0: bound clients go on, and nobody else.
        return "server " + name + " " + address + ":" + state.port() + " weight "
                + (state.mode() == ServerState.Mode.READY ? state.weight() : 0)
                + (state.mode() == ServerState.Mode.MAINT ? " disabled" : "");
    }

    private static void line(StringBuilder text, String line) {
        text.append("  ").append(line).append('\n');
    }
}
