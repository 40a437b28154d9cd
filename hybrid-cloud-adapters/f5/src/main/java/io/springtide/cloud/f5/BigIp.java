package io.springtide.cloud.f5;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.cloud.spi.support.Words;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the driver asks of a BIG-IP, in AS3's and iControl's words. For one thread. */
final class BigIp implements AutoCloseable {

    private static final String AS3 = "/mgmt/shared/appsvcs/";
    private static final String POOL = "/mgmt/tm/ltm/pool";
    private static final String VIRTUAL = "/mgmt/tm/ltm/virtual";

    /**
     * What is there of our tenant.
     *
     * @param label of the declaration in force; empty if there is none
     * @param pools by name, and their members by name
     */
    record Seen(String label, Set<String> virtuals, Map<String, Map<String, Member>> pools) {}

    /** Counters of a member since it was made. */
    record Counters(long requests, long connections, int open) {}

    /** What is to be done about once a second while one waits. */
    interface Meanwhile {

        void second() throws IOException, InterruptedException;
    }

    private final F5Client client;
    private final F5Settings settings;
    private final Duration poll;
    private final Duration patience;

    /**
     * Of a BIG-IP.
     *
     * @param poll between two looks at a declaration that is being applied
     * @param patience until it is given up
     */
    BigIp(F5Settings settings, Duration poll, Duration patience) {
        this.client = new F5Client(settings);
        this.settings = settings;
        this.poll = poll;
        this.patience = patience;
    }

    /** Reads all of the tenant. */
    Seen read() throws IOException, InterruptedException {
        String query = "?$filter=" + URLEncoder.encode("partition eq " + settings.tenant(),
                StandardCharsets.UTF_8).replace("+", "%20");
        Map<String, Map<String, Member>> pools = new TreeMap<>();
        for (JsonNode pool : client.get(POOL + query + "&expandSubcollections=true")
                .path("items")) {
            if (ours(pool)) {
                pools.put(pool.path("name").asText(),
                        members(pool.path("membersReference").path("items")));
            }
        }
        Set<String> virtuals = new TreeSet<>();
        for (JsonNode virtual : client.get(VIRTUAL + query).path("items")) {
            if (ours(virtual)) {
                virtuals.add(virtual.path("name").asText());
            }
        }
        return new Seen(label(), virtuals, pools);
    }

    private boolean ours(JsonNode item) {
        return item.path("fullPath").asText()
                .startsWith("/" + settings.tenant() + "/" + Declaration.APPLICATION + "/");
    }

    private String label() throws IOException, InterruptedException {
        try {
            return client.get(AS3 + "declare/" + settings.tenant()).path(settings.tenant())
                    .path("label").asText("");
        } catch (F5Exception e) {
            if (e.status() == 404) {
                return "";
            }
            throw e;
        }
    }

    /** Members of one pool. */
    Map<String, Member> members(String pool) throws IOException, InterruptedException {
        return members(client.get(path(pool)).path("items"));
    }

    private static Map<String, Member> members(JsonNode items) {
        Map<String, Member> members = new TreeMap<>();
        for (JsonNode item : items) {
            Member member = Member.read(item);
            members.put(member.name(), member);
        }
        return members;
    }

    private String path(String pool) {
        return POOL + "/~" + settings.tenant() + "~" + Declaration.APPLICATION + "~" + pool
                + "/members";
    }

    /** Adds a member; one that is there already is changed. */
    void add(String pool, Member member) throws IOException, InterruptedException {
        try {
            client.post(path(pool), Map.of("name", member.name(), "address", member.address(),
                    "ratio", member.ratio(), "session", session(member), "state", "user-up"));
        } catch (F5Exception e) {
            if (e.status() != 409) {
                throw e;
            }
            change(pool, member);
        }
    }

    /** Has clients come or stay away; who is bound goes on in both cases. */
    void change(String pool, Member member) throws IOException, InterruptedException {
        client.patch(path(pool) + "/" + member.path(), Map.of("ratio", member.ratio(), "session",
                session(member), "state", "user-up"));
    }

    private static String session(Member member) {
        return member.enabled() ? "user-enabled" : "user-disabled";
    }

    /** Removes a member; one that is gone is no error. */
    void remove(String pool, Member member) throws IOException, InterruptedException {
        try {
            client.delete(path(pool) + "/" + member.path());
        } catch (F5Exception e) {
            if (e.status() != 404) {
                throw e;
            }
        }
    }

    /** Counters of a pool's members, by name. */
    Map<String, Counters> counters(String pool) throws IOException, InterruptedException {
        Map<String, Counters> counters = new HashMap<>();
        for (JsonNode each : client.get(path(pool) + "/stats").path("entries")) {
            JsonNode entries = each.path("nestedStats").path("entries");
            String address = entries.path("addr").path("description").asText()
                    .replaceAll("%[0-9]+$", "");
            int port = entries.path("port").path("value").asInt();
            counters.put(new Member(address, port, 1, true).name(),
                    new Counters(entries.path("totRequests").path("value").asLong(),
                            entries.path("serverside.totConns").path("value").asLong(),
                            entries.path("serverside.curConns").path("value").asInt()));
        }
        return counters;
    }

    /**
     * Has a declaration applied, and waits for it.
     *
     * @throws IOException if any part of it was not; then it is not known what is there
     */
    void declare(ObjectNode request, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        JsonNode answer = client.post(AS3 + "declare?async=true", request);
        String id = answer.path("id").asText();
        if (!id.matches("[0-9A-Za-z-]{1,100}")) {
            results(answer);
            return;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        long second = System.nanoTime();
        while (System.nanoTime() < deadline) {
            Thread.sleep(poll);
            JsonNode task;
            try {
                task = client.get(AS3 + "task/" + id);
            } catch (F5Exception e) {
                if (e.status() != 503 && e.status() != 429) {
                    throw e;
                }
                // Busy with just this: the task goes on, and is asked for again.
                continue;
            }
            if (!underWay(task)) {
                results(task);
                return;
            }
            if (System.nanoTime() - second >= 1_000_000_000L) {
                second = System.nanoTime();
                meanwhile.second();
            }
        }
        throw new IOException("BIG-IP " + settings.url() + " has not applied AS3's task " + id
                + " within " + patience.toSeconds() + " s; look at " + AS3 + "task/" + id);
    }

    private static boolean underWay(JsonNode task) {
        if (task.path("results").isEmpty()) {
            return true;
        }
        for (JsonNode result : task.path("results")) {
            if (result.path("code").asInt() == 0
                    || result.path("message").asText().equals("in progress")) {
                return true;
            }
        }
        return false;
    }

    private void results(JsonNode task) throws F5Exception {
        for (JsonNode result : task.path("results")) {
            int code = result.path("code").asInt();
            if (code >= 300) {
                String why = result.path("message").asText() + " "
                        + result.path("response").asText("")
                        + (result.path("errors").isEmpty()
                                ? ""
                                : result.path("errors").get(0).asText());
                throw new F5Exception(code, "AS3 on BIG-IP " + settings.url() + " says " + code
                        + " for tenant " + result.path("tenant").asText(settings.tenant()) + ": "
                        + Words.shown(why.strip()) + "; what it left is read and made good",
                        Duration.ZERO);
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
