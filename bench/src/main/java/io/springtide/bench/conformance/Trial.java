package io.springtide.bench.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.bench.live.LocalCluster;
import io.springtide.bench.live.LocalCluster.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Sends a fixture to a master, and says what is not as it should be. */
final class Trial {

    /** Where we answer 422 although Marathon, by a missing mapping of an exception, answers 500. */
    private static final Set<String> CLIENT_MISTAKES_NOT_OURS = Set.of("app__both-portmappings");

    /** What Marathon refuses without an option, and we accept always: GPUs are nothing special here. */
    private static final Set<String> OURS = Set.of("app__gpus-feature-off");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalCluster cluster;

    Trial(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** What is wrong; empty if all is well. What was created is gone afterwards. */
    List<String> of(Fixture fixture) throws IOException {
        // The root is there always; it can be changed, not created.
        boolean root = fixture.kind() == Fixture.Kind.GROUP && fixture.valid()
                && JSON.readTree(fixture.body()).path("id").asText("/").equals("/");
        Reply reply = cluster.send(root ? "PUT" : "POST", fixture.kind().path(),
                new String(fixture.body(), StandardCharsets.UTF_8));
        if (!fixture.valid() && !OURS.contains(fixture.name())) {
            return refusal(fixture, reply);
        }
        try {
            return acceptance(fixture, reply, root ? 200 : 201);
        } finally {
            cluster.send("DELETE", "/v2/groups?force=true", "");
            LocalCluster.await("everything to be gone", java.time.Duration.ofSeconds(20),
                    this::empty);
        }
    }

    private boolean empty() {
        try {
            return cluster.get("/v2/apps").body().path("apps").isEmpty()
                    && cluster.get("/v2/pods").body().isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> refusal(Fixture fixture, Reply reply) {
        List<String> wrong = new ArrayList<>();
        JsonNode expected = fixture.expected();
        int status = CLIENT_MISTAKES_NOT_OURS.contains(fixture.name())
                ? 422
                : expected.path("status").intValue();
        if (reply.status() != status) {
            wrong.add("status " + reply.status() + " instead of " + status);
        }
        if (!reply.body().path("message").equals(expected.path("message"))) {
            wrong.add("message " + reply.body().path("message") + " instead of "
                    + expected.path("message"));
        }
        boolean prefix = expected.path("match").asText().endsWith("prefix");
        for (JsonNode detail : expected.path("details")) {
            for (JsonNode text : detail.path("errors")) {
                if (!has(reply.body().path("details"), detail.path("path").textValue(),
                        text.textValue(), prefix)) {
                    wrong.add("no error at " + detail.path("path") + ": " + text + ", only "
                            + reply.body().path("details"));
                }
            }
        }
        return wrong;
    }

    private static boolean has(JsonNode details, String path, String text, boolean prefix) {
        for (JsonNode found : details) {
            if (found.path("path").asText().equals(path)) {
                for (JsonNode error : found.path("errors")) {
                    if (prefix
                            ? error.asText().startsWith(text)
                            : error.asText().equals(text)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private List<String> acceptance(Fixture fixture, Reply reply, int status)
            throws IOException {
        if (reply.status() != status) {
            return List.of("refused with " + reply.status() + ": " + reply.body());
        }
        JsonNode given = JSON.readTree(fixture.body());
        String id = Canonical.absolute(given.path("id").asText("/"), "");
        return switch (fixture.kind()) {
            case APP -> {
                List<String> wrong = new ArrayList<>(
                        Comparison.differences(Canonical.app(given, ""), reply.body()));
                wrong.addAll(Comparison.differences(Canonical.app(given, ""),
                        cluster.get("/v2/apps" + id).body().path("app")));
                yield wrong.stream().distinct().toList();
            }
            case GROUP -> Comparison.differences(Canonical.group(given, ""),
                    cluster.get("/v2/groups" + (id.equals("/") ? "" : id)).body());
            case POD -> Comparison.differences(given, cluster.get("/v2/pods" + id).body());
        };
    }
}
