package io.springtide.cloud.f5;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A BIG-IP as far as the driver sees it: tenants by AS3's asynchronous tasks, pools and members with
 * iControl's words, tokens, counters, and a data plane that picks among enabled members. It fails as it is
 * told. Its words are those of F5's documentation; it has never been compared with a real one.
 */
public final class FakeBigIp implements AutoCloseable {

    public static final String PASSWORD = "s3cret-of-the-test";

    /** A member and what has come to it. */
    static final class Node {
        String session = "monitor-enabled";
        String state = "unchecked";
        int ratio = 1;
        String address = "";
        int port;
        long requests;
        int open;

        boolean enabled() {
            return !session.equals("user-disabled") && !state.equals("user-down");
        }
    }

    /** An answer that is given instead of the right one. */
    record Fault(String method, String path, int status, int times) {}

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Map<String, Map<String, Node>> pools = new TreeMap<>();
    private final Map<String, String> virtuals = new TreeMap<>();
    private final Map<String, JsonNode> declared = new HashMap<>();
    private final Map<String, ObjectNode> tasks = new HashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    int declarations;
    int logins;
    boolean halfApplyNext;
    private String token = "";
    private int turn;

    FakeBigIp(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static FakeBigIp plain() throws IOException {
        return new FakeBigIp(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
    }

    /** Of its management. */
    public int port() {
        return server.getAddress().getPort();
    }

    synchronized void fail(Fault fault) {
        faults.add(fault);
    }

    synchronized void expireTokens() {
        token = "";
    }

    /**
     * Sends a request to the next enabled member, where it is open until it is said to be over.
     *
     * @param pool a part of the pool's name
     */
    synchronized Optional<Node> begin(String pool) {
        List<Node> enabled = find(pool).values().stream().filter(Node::enabled).toList();
        if (enabled.isEmpty()) {
            return Optional.empty();
        }
        Node node = enabled.get(turn++ % enabled.size());
        node.requests++;
        node.open++;
        return Optional.of(node);
    }

    synchronized void over(Node node) {
        node.open--;
    }

    /** All that was asked for: method and address. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Somebody enables one member and removes another one. */
    synchronized void meddle(String pool, String enabled, String removed) {
        member(pool, enabled).session = "monitor-enabled";
        find(pool).remove(removed);
    }

    /** One of them. */
    synchronized Node member(String pool, String name) {
        return Optional.ofNullable(find(pool).get(name)).orElseThrow();
    }

    /** The members of the pool whose name has this in it, and no version at its end. */
    synchronized Map<String, Node> members(String pool) {
        return new TreeMap<>(find(pool));
    }

    private Map<String, Node> find(String pool) {
        return pools.entrySet().stream()
                .filter(e -> e.getKey().contains(pool) && !e.getKey().matches(".*_v[0-9]+"))
                .map(Map.Entry::getValue).findFirst().orElse(Map.of());
    }

    synchronized Map<String, String> virtualServers() {
        return new TreeMap<>(virtuals);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        Object[] answer;
        synchronized (this) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            answer = answer(exchange, path,
                    body.length == 0 ? json.createObjectNode() : json.readTree(body));
        }
        byte[] out = answer[1].toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders((Integer) answer[0], out.length == 0 ? -1 : out.length);
        exchange.getResponseBody().write(out);
        exchange.close();
    }

    private Object[] answer(HttpExchange exchange, String path, JsonNode body) {
        String method = exchange.getRequestMethod();
        Fault fault = faults.peek();
        if (fault != null && method.equals(fault.method) && path.contains(fault.path)) {
            faults.poll();
            if (fault.times > 1) {
                faults.addFirst(
                        new Fault(fault.method, fault.path, fault.status, fault.times - 1));
            }
            return error(fault.status, "injected");
        }
        if (path.equals("/mgmt/shared/authn/login")) {
            logins++;
            if (!body.path("password").asText().equals(PASSWORD)) {
                return error(401, "Authentication failed.");
            }
            token = "T" + logins;
            ObjectNode answer = json.createObjectNode();
            answer.putObject("token").put("token", token);
            return new Object[]{200, answer};
        }
        String given = exchange.getRequestHeaders().getFirst("X-F5-Auth-Token");
        if (token.isEmpty() || !token.equals(given)) {
            return error(401, "X-F5-Auth-Token does not exist.");
        }
        if (path.startsWith("/mgmt/shared/appsvcs/")) {
            return as3(method, path.substring("/mgmt/shared/appsvcs/".length()), body);
        }
        if (path.equals("/mgmt/tm/ltm/virtual")) {
            ObjectNode answer = json.createObjectNode();
            ArrayNode items = answer.putArray("items");
            virtuals.keySet().forEach(v -> items.addObject()
                    .put("name", v.substring(v.lastIndexOf('/') + 1)).put("fullPath", v));
            return new Object[]{200, answer};
        }
        return path.startsWith("/mgmt/tm/ltm/pool")
                ? pool(method, path, body)
                : error(404, "Public URI path not registered");
    }

    private Object[] as3(String method, String path, JsonNode body) {
        if (path.startsWith("task/")) {
            ObjectNode task = tasks.get(path.substring(5));
            if (task == null) {
                return error(404, "no such task");
            }
            if (task.has("seen")) {
                ObjectNode done = task.deepCopy();
                done.remove("seen");
                return new Object[]{200, done};
            }
            task.put("seen", true);
            ObjectNode busy = json.createObjectNode();
            busy.putArray("results").addObject().put("code", 0).put("message", "in progress");
            return new Object[]{200, busy};
        }
        if (method.equals("GET")) {
            String tenant = path.substring("declare/".length());
            if (!declared.containsKey(tenant)) {
                return error(404, "no declaration");
            }
            ObjectNode answer = json.createObjectNode().put("class", "ADC");
            answer.set(tenant, declared.get(tenant));
            return new Object[]{200, answer};
        }
        declarations++;
        String id = "task-" + declarations;
        ObjectNode task = json.createObjectNode().put("id", id);
        ArrayNode results = task.putArray("results");
        JsonNode adc = body.path("declaration");
        adc.fieldNames().forEachRemaining(name -> {
            if (adc.path(name).path("class").asText().equals("Tenant")) {
                boolean half = halfApplyNext;
                halfApplyNext = false;
                apply(name, adc.path(name), half);
                results.addObject().put("code", half ? 422 : 200)
                        .put("message", half ? "declaration failed" : "success")
                        .put("response", half ? "01070734:3: Configuration error" : "")
                        .put("tenant", name);
            }
        });
        tasks.put(id, task);
        ObjectNode accepted = json.createObjectNode().put("id", id);
        accepted.putArray("results").addObject().put("code", 0);
        return new Object[]{202, accepted};
    }

    /** As AS3: what is declared is there afterwards, and nothing else; half of it if it fails in between. */
    private void apply(String tenant, JsonNode declaration, boolean half) {
        String folder = "/" + tenant + "/traffic/";
        JsonNode app = declaration.path("traffic");
        List<String> wantedPools = new ArrayList<>();
        virtuals.keySet().removeIf(v -> v.startsWith(folder));
        app.fieldNames().forEachRemaining(name -> {
            JsonNode each = app.path(name);
            if (each.path("class").asText().equals("Pool")
                    && (!half || wantedPools.isEmpty())) {
                wantedPools.add(folder + name);
                declarePool(folder + name, each.path("members"));
            } else if (each.path("class").asText().startsWith("Service_") && !half) {
                for (int i = 0; i < each.path("virtualAddresses").size(); i++) {
                    virtuals.put(folder + name + (i == 0 ? "" : "-" + i + "-"),
                            each.path("pool").asText());
                }
            }
        });
        pools.keySet().removeIf(p -> p.startsWith(folder) && !wantedPools.contains(p));
        if (!half) {
            if (app.isMissingNode()) {
                declared.remove(tenant);
            } else {
                declared.put(tenant, declaration);
            }
        }
    }

    /** IPv6 is shown in its short form; of these tests' addresses one run of zeros is enough. */
    private static String shown(String address) {
        return address.replaceFirst(":0(:0)+:", "::");
    }

    private void declarePool(String path, JsonNode members) {
        Map<String, Node> before = pools.getOrDefault(path, Map.of());
        Map<String, Node> now = new TreeMap<>();
        for (JsonNode member : members) {
            String address = shown(member.path("serverAddresses").get(0).asText());
            String name = "/Common/" + address + (address.indexOf(':') < 0 ? ":" : ".")
                    + member.path("servicePort").asInt();
            Node node = before.getOrDefault(name, new Node());
            node.address = address;
            node.port = member.path("servicePort").asInt();
            node.ratio = member.path("ratio").asInt(1);
            node.session = member.path("adminState").asText().equals("enable")
                    ? "monitor-enabled"
                    : "user-disabled";
            now.put(name, node);
        }
        pools.put(path, now);
    }

    private Object[] pool(String method, String path, JsonNode body) {
        if (path.equals("/mgmt/tm/ltm/pool")) {
            ObjectNode answer = json.createObjectNode();
            ArrayNode items = answer.putArray("items");
            pools.forEach((full, members) -> {
                ObjectNode item = items.addObject()
                        .put("name", full.substring(full.lastIndexOf('/') + 1))
                        .put("fullPath", full);
                members(item.putObject("membersReference").putArray("items"), members);
            });
            return new Object[]{200, answer};
        }
        String[] parts = path.substring("/mgmt/tm/ltm/pool/".length()).split("/", -1);
        Map<String, Node> members = pools.get(parts[0].replace('~', '/'));
        if (members == null) {
            return error(404, "01020036:3: The requested Pool was not found.");
        }
        if (parts.length == 3 && parts[2].equals("stats")) {
            return new Object[]{200, stats(members)};
        }
        String name = parts.length == 3 ? parts[2].replace('~', '/') : body.path("name").asText();
        return switch (method) {
            case "GET" -> {
                ObjectNode answer = json.createObjectNode();
                members(answer.putArray("items"), members);
                yield new Object[]{200, answer};
            }
            case "POST" -> {
                if (members.containsKey(name)) {
                    yield error(409, "01020066:3: The requested Pool Member already exists.");
                }
                Node node = new Node();
                String address = body.path("address").asText();
                node.address = shown(address);
                node.port = Integer.parseInt(name.replaceFirst(".*[.:]", ""));
                members.put(name.replace(address, node.address), node);
                yield change(node, body);
            }
            case "PATCH" -> members.containsKey(name)
                    ? change(members.get(name), body)
                    : error(404, "01020036:3: The requested Pool Member was not found.");
            case "DELETE" -> members.remove(name) != null
                    ? new Object[]{200, ""}
                    : error(404, "01020036:3: The requested Pool Member was not found.");
            default -> error(405, method);
        };
    }

    private Object[] change(Node node, JsonNode body) {
        node.ratio = body.path("ratio").asInt(node.ratio);
        // What is read is not what was written.
        node.session = body.path("session").asText().equals("user-disabled")
                ? "user-disabled"
                : "monitor-enabled";
        node.state = body.path("state").asText().equals("user-down") ? "user-down" : "unchecked";
        return new Object[]{200, json.createObjectNode().put("session", node.session)};
    }

    private static void members(ArrayNode items, Map<String, Node> members) {
        members.forEach((name, node) -> items.addObject()
                .put("name", name.substring("/Common/".length())).put("partition", "Common")
                .put("fullPath", name).put("address", node.address).put("ratio", node.ratio)
                .put("session", node.session).put("state", node.state));
    }

    private ObjectNode stats(Map<String, Node> members) {
        ObjectNode answer = json.createObjectNode();
        ObjectNode entries = answer.putObject("entries");
        members.forEach((name, node) -> {
            ObjectNode each = entries.putObject("https://localhost/mgmt/tm/ltm/pool/" + name)
                    .putObject("nestedStats").putObject("entries");
            each.putObject("addr").put("description", node.address);
            each.putObject("port").put("value", node.port);
            each.putObject("totRequests").put("value", node.requests);
            each.putObject("serverside.totConns").put("value", node.requests);
            each.putObject("serverside.curConns").put("value", node.open);
        });
        return answer;
    }

    private Object[] error(int status, String message) {
        return new Object[]{status,
                json.createObjectNode().put("code", status).put("message", message)};
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
