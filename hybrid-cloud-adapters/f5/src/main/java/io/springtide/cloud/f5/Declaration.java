package io.springtide.cloud.f5;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.TrafficRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plan in AS3's words. Members are in it as they are at the moment, so that a declaration never undoes
 * what was changed in between; they are no part of the structure, whose digest is the tenant's label.
 */
final class Declaration {

    /** The application that has everything of a tenant. */
    static final String APPLICATION = "traffic";
    static final String HOSTS = "hosts";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int SLOW_SECONDS_MAX = 900;

    private final F5Settings settings;
    private final Plan plan;
    private final String label;

    Declaration(F5Settings settings, Plan plan) {
        this.settings = settings;
        this.plan = plan;
        this.label = plan.pools().isEmpty()
                ? ""
                : "springtide-" + Words.digest(tenant("", false).toString()).substring(0, 16);
    }

    /** Says which structure it is; empty if nothing is served, and then there is no tenant. */
    String label() {
        return label;
    }

    /** Names of the virtual servers: AS3 makes one for each address, {@code x}, {@code x-1-}, {@code x-2-}. */
    Set<String> virtuals() {
        List<String> names = new ArrayList<>();
        if (!plan.routes().isEmpty()) {
            names.add(HOSTS);
        }
        plan.ports().forEach(port -> names.add(name(port)));
        Set<String> virtuals = new TreeSet<>(names);
        for (int i = 1; i < settings.virtualAddresses().size(); i++) {
            for (String name : names) {
                virtuals.add(name + "-" + i + "-");
            }
        }
        return virtuals;
    }

    /** The whole of it, as it is posted. */
    ObjectNode request() {
        ObjectNode request = JSON.objectNode().put("class", "AS3").put("action", "deploy")
                .put("persist", true);
        ObjectNode adc = request.putObject("declaration").put("class", "ADC")
                .put("schemaVersion", "3.30.0").put("id", "springtide-" + settings.tenant())
                .put("label", "springtide").put("updateMode", "selective");
        adc.set(settings.tenant(), tenant(label, true));
        return request;
    }

    private ObjectNode tenant(String name, boolean members) {
        ObjectNode tenant = JSON.objectNode().put("class", "Tenant");
        if (plan.pools().isEmpty()) {
            // AS3 removes a tenant in which nothing is.
            return tenant;
        }
        tenant.put("label", name);
        ObjectNode app = tenant.putObject(APPLICATION).put("class", "Application")
                .put("template", "generic");
        for (Plan.Pool pool : plan.pools().values()) {
            app.set(pool.name(), pool(pool, members));
        }
        if (!plan.routes().isEmpty()) {
            ObjectNode hosts = http(app, HOSTS, settings.httpPort());
            hosts.put("policyEndpoint", "routes");
            ArrayNode rules = policy(app, "routes");
            plan.routes().forEach(route -> rules(rules, route));
        }
        plan.ports().forEach(port -> port(app, port));
        return tenant;
    }

    private static ObjectNode pool(Plan.Pool pool, boolean members) {
        TrafficRules rules = pool.rules();
        ObjectNode node = JSON.objectNode().put("class", "Pool")
                .put("loadBalancingMode", switch (rules.balance()) {
                    case LEAST_CONNECTIONS -> "ratio-least-connections-member";
                    case ROUND_ROBIN, SOURCE -> "ratio-member";
                })
                .put("slowRampTime",
                        Math.min(SLOW_SECONDS_MAX, (rules.slowStartMs() + 999) / 1_000))
                // Whoever ends is not cut off: what is under way goes on.
                .put("serviceDownAction", "none").put("reselectTries", 3);
        ArrayNode list = node.putArray("members");
        if (members) {
            for (Member member : pool.members().values().stream().distinct()
                    .sorted(Comparator.comparing(Member::name)).toList()) {
                list.addObject().put("servicePort", member.port())
                        .put("shareNodes", true).put("ratio", member.ratio())
                        .put("adminState", member.enabled() ? "enable" : "disable")
                        .putArray("serverAddresses").add(member.address());
            }
        }
        return node;
    }

    private ObjectNode http(ObjectNode app, String name, int port) {
        ObjectNode service = app.putObject(name).put("class", "Service_HTTP")
                .put("virtualPort", port)
                // Else the requests of one connection would all go where the first one went.
                .put("profileMultiplex", "basic");
        ArrayNode addresses = service.putArray("virtualAddresses");
        settings.virtualAddresses().forEach(addresses::add);
        service.putArray("persistenceMethods");
        return service;
    }

    private void port(ObjectNode app, Plan.Port port) {
        Plan.Pool pool = plan.pool(port.pool());
        TrafficRules rules = pool.rules();
        ObjectNode service;
        if (port.tcp()) {
            service = app.putObject(name(port)).put("class", "Service_TCP")
                    .put("virtualPort", port.port());
            ArrayNode addresses = service.putArray("virtualAddresses");
            settings.virtualAddresses().forEach(addresses::add);
            service.putArray("persistenceMethods");
        } else {
            service = http(app, name(port), port.port());
            if (!pool.choices().isEmpty()) {
                service.put("policyEndpoint", "splits_" + port.port());
                ArrayNode list = policy(app, "splits_" + port.port());
                for (Plan.Choice choice : pool.choices()) {
                    ObjectNode rule = rule(list, choice.pool(), rules);
                    split(rule.withArray("conditions"), choice.split());
                }
            }
        }
        service.put("pool", pool.name());
        if (!port.tcp() && !rules.stickyCookie().isEmpty()) {
            String persist = "sticky_" + port.port();
            // Not only by TLS: this virtual server speaks plain HTTP.
            app.putObject(persist).put("class", "Persist").put("persistenceMethod", "cookie")
                    .put("cookieMethod", "insert").put("cookieName", rules.stickyCookie())
                    .put("secure", false);
            service.withArray("persistenceMethods").addObject().put("use", persist);
        } else if (rules.balance() == TrafficRules.Balance.SOURCE) {
            service.withArray("persistenceMethods").add("source-address");
        }
    }

    private static String name(Plan.Port port) {
        return "port_" + port.port();
    }

    private static ArrayNode policy(ObjectNode app, String name) {
        return app.putObject(name).put("class", "Endpoint_Policy").put("strategy", "first-match")
                .putArray("rules");
    }

    private void rules(ArrayNode rules, Plan.Route route) {
        Plan.Pool pool = plan.pool(route.pool());
        String bare = route.prefix().substring(0, route.prefix().length() - 1);
        // A path matches as a whole or up to a slash: two conditions, and conditions cannot be "or".
        List<List<String>> paths = bare.isEmpty()
                ? List.of(List.<String>of())
                : List.of(List.of("equals", bare), List.of("starts-with", route.prefix()));
        for (List<String> path : paths) {
            for (Plan.Choice choice : pool.choices()) {
                ArrayNode conditions = conditions(rule(rules, choice.pool(), pool.rules()), route,
                        path);
                split(conditions, choice.split());
            }
            conditions(rule(rules, pool.name(), pool.rules()), route, path);
        }
    }

    private static ObjectNode rule(ArrayNode rules, String pool, TrafficRules how) {
        ObjectNode rule = rules.addObject().put("name", "r" + rules.size());
        ArrayNode actions = rule.putArray("actions");
        actions.addObject().put("type", "forward").put("event", "request").putObject("select")
                .putObject("pool").put("use", pool);
        if (!how.stickyCookie().isEmpty()) {
            actions.addObject().put("type", "persist").put("event", "request")
                    .putObject("cookieInsert").put("name", how.stickyCookie()).put("expiry", "0d");
        } else if (how.balance() == TrafficRules.Balance.SOURCE) {
            actions.addObject().put("type", "persist").put("event", "request")
                    .putObject("sourceAddress").put("netmask", "255.255.255.255")
                    .put("timeout", 180);
        }
        return rule;
    }

    private static ArrayNode conditions(ObjectNode rule, Plan.Route route, List<String> path) {
        ArrayNode conditions = rule.withArray("conditions");
        String host = route.host();
        if (!host.isEmpty()) {
            boolean below = host.startsWith("*.");
            conditions.addObject().put("type", "httpHost").put("event", "request")
                    .putObject("host").put("operand", below ? "ends-with" : "equals")
                    .putArray("values").add(below ? host.substring(1) : host);
        }
        if (!path.isEmpty()) {
            conditions.addObject().put("type", "httpUri").put("event", "request").putObject("path")
                    .put("operand", path.get(0)).put("caseSensitive", true).putArray("values")
                    .add(path.get(1));
        }
        return conditions;
    }

    private static void split(ArrayNode conditions, TrafficRules.Split split) {
        boolean header = !split.header().isEmpty();
        conditions.addObject().put("type", header ? "httpHeader" : "httpCookie")
                .put("event", "request").put("name", header ? split.header() : split.cookie())
                .putObject("all").put("operand", "equals").put("caseSensitive", true)
                .putArray("values").add(split.value());
    }
}
