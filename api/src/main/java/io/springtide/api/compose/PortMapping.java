package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ports of a service. A published port becomes the app's service port, which load balancers publish, as
 * in Compose's mode {@code ingress}: instances take any port of their agent, so that there can be several
 * on one. With mode {@code host} it is the agent's own port.
 */
final class PortMapping {
    /** A range is one line of text and thousands of ports. */
    private static final int PORTS_MAX = 200;
    private static final long PORT_MAX = 65_535;

    private final List<Json> mappings = new ArrayList<>();
    private final Node ports;
    private boolean published;

    private PortMapping(Node ports) {
        this.ports = ports;
    }

    private record Range(int first, int last) {
        int size() {
            return last - first + 1;
        }
    }

    /** As {@code portMappings} of a container. */
    static List<Json> of(Node ports) {
        PortMapping all = new PortMapping(ports);
        for (Node port : ports.items()) {
            if (port.isObject()) {
                all.longForm(port);
            } else {
                all.shortForm(port);
            }
        }
        if (all.published) {
            ports.warn("published ports become service ports, for load balancers; each instance"
                    + " listens on a free port of its agent. For the agent's own port write the long"
                    + " form with mode: host");
        }
        return all.mappings;
    }

    private void shortForm(Node port) {
        String text = port.text();
        int slash = text.lastIndexOf('/');
        String protocol = slash < 0 ? "tcp" : text.substring(slash + 1);
        String numbers = slash < 0 ? text : text.substring(0, slash);
        int colon = numbers.lastIndexOf(':');
        String inside = numbers.substring(colon + 1);
        String outside = colon < 0 ? "" : numbers.substring(0, colon);
        int address = outside.lastIndexOf(':');
        if (address >= 0) {
            hostIp(port, outside.substring(0, address));
            outside = outside.substring(address + 1);
        }
        Optional<Range> target = range(port, inside);
        if (target.isPresent() && protocol(port, protocol)) {
            if (outside.isEmpty()) {
                add(port, target.get(), Optional.empty(), protocol, false, "");
            } else {
                range(port, outside).ifPresent(
                        range -> add(port, target.get(), Optional.of(range), protocol, false, ""));
            }
        }
    }

    private void longForm(Node port) {
        Keys.check(port, List.of("target", "published", "protocol", "mode", "host_ip", "name",
                "app_protocol"));
        String protocol = port.get("protocol").present() ? port.get("protocol").text() : "tcp";
        if (port.get("host_ip").present()) {
            hostIp(port.get("host_ip"), port.get("host_ip").text());
        }
        String mode = port.get("mode").text();
        if (!mode.isEmpty() && !mode.equals("host") && !mode.equals("ingress")) {
            port.get("mode").error("must be host or ingress");
        }
        if (!port.get("target").present()) {
            port.error("needs a target, the port in the container");
            return;
        }
        Optional<Range> target = range(port.get("target"), port.get("target").text());
        Optional<Range> outside = port.get("published").present()
                ? range(port.get("published"), port.get("published").text())
                : Optional.empty();
        if (target.isPresent() && protocol(port, protocol)) {
            add(port, target.get(), outside, protocol, mode.equals("host"),
                    port.get("name").text());
        }
    }

    private void add(Node port, Range target, Optional<Range> outside, String protocol,
            boolean host, String name) {
        if (outside.isPresent() && outside.get().size() != target.size()) {
            if (target.size() > 1) {
                port.error("the two ranges have different lengths");
            } else {
                port.warn("any port of the range would do; it gets a free service port");
                add(port, target, Optional.empty(), protocol, host, name);
            }
            return;
        }
        if (mappings.size() + target.size() > PORTS_MAX) {
            ports.error("are more than " + PORTS_MAX);
            return;
        }
        for (int i = 0; i < target.size(); i++) {
            int number = outside.isPresent() ? outside.get().first() + i : 0;
            JsonObject mapping = new JsonObject().with("containerPort", target.first() + i)
                    .with("hostPort", host ? number : 0);
            if (!host && number > 0) {
                published = true;
                mapping.with("servicePort", number);
            }
            mapping.with("protocol", protocol);
            if (!name.isEmpty() && target.size() == 1) {
                mapping.with("name", name);
            }
            mappings.add(mapping.build());
        }
    }

    private static void hostIp(Node port, String address) {
        if (!address.equals("0.0.0.0") && !address.equals("[::]") && !address.equals("::")) {
            port.warn(
                    "the address " + address + " is left out: the port is open on all addresses of"
                            + " the agent; keep strangers out by a firewall");
        }
    }

    private static boolean protocol(Node port, String protocol) {
        boolean known = protocol.equals("tcp") || protocol.equals("udp");
        if (!known) {
            port.error("the protocol must be tcp or udp, not '" + protocol + "'");
        }
        return known;
    }

    private static Optional<Range> range(Node port, String text) {
        String[] ends = text.split("-", -1);
        try {
            int first = Integer.parseInt(ends[0]);
            int last = ends.length == 2 ? Integer.parseInt(ends[1]) : first;
            if (ends.length <= 2 && first > 0 && first <= last && last <= PORT_MAX) {
                return Optional.of(new Range(first, last));
            }
        } catch (NumberFormatException ignored) {
            // Said below, together with what is out of range.
        }
        port.error("'" + text + "' is no port from 1 to 65535, and no range of them");
        return Optional.empty();
    }
}
