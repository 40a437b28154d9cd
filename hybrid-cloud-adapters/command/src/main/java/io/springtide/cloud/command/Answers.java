package io.springtide.cloud.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.cloud.spi.Node;
import io.springtide.cloud.spi.ProvisionRequest;
import io.springtide.cloud.spi.support.Words;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The JSON that goes to the program, and what may come back. */
final class Answers {

    /** More than any pool has. */
    static final int NODES_MAX = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(20).build())
            .build()).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int ID_LENGTH_MAX = 200;
    private static final int SECONDS = 30;
    private static final int SECONDS_MAX = 3_600;

    private Answers() {}

    /** The program does not keep to what was agreed; the message says how. */
    static final class NotAgreed extends RuntimeException {

        private static final long serialVersionUID = 1;

        NotAgreed(String message) {
            super(message);
        }
    }

    static byte[] provision(ProvisionRequest request) {
        ObjectNode body = JSON.createObjectNode().put("token", request.token())
                .put("cluster", request.clusterId()).put("template", request.template())
                .put("cpus", request.size().cpusMilli() / 1e3)
                .put("memMib", request.size().memMib()).put("diskMib", request.size().diskMib())
                .put("gpus", request.size().gpus()).put("site", request.site())
                .put("rack", request.rack());
        ObjectNode attributes = body.putObject("attributes");
        request.attributes().forEach(attributes::put);
        ObjectNode labels = body.putObject("labels");
        request.labels().forEach(labels::put);
        return bytes(body);
    }

    static byte[] release(String nodeId) {
        return bytes(JSON.createObjectNode().put("id", nodeId));
    }

    static byte[] nodes(String clusterId) {
        return bytes(JSON.createObjectNode().put("cluster", clusterId));
    }

    private static byte[] bytes(ObjectNode body) {
        return (body + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The machine that was provisioned. */
    static Node node(String output, String token) {
        return node(object(output), token);
    }

    /** The machines that there are. */
    static List<Node> list(String output) {
        JsonNode nodes = object(output).path("nodes");
        if (!nodes.isArray()) {
            throw new NotAgreed("has no list \"nodes\"");
        }
        if (nodes.size() > NODES_MAX) {
            throw new NotAgreed("lists more than " + NODES_MAX + " machines");
        }
        List<Node> all = new ArrayList<>();
        TreeSet<String> tokens = new TreeSet<>();
        TreeSet<String> ids = new TreeSet<>();
        for (JsonNode one : nodes) {
            Node node = node(one, text(one, "token", ""));
            if (node.token().isEmpty()) {
                throw new NotAgreed("does not say the token of machine " + node.id());
            }
            if (!tokens.add(node.token()) || !ids.add(node.id())) {
                throw new NotAgreed("names machine " + node.id() + ", or its token "
                        + node.token() + ", twice");
            }
            all.add(node);
        }
        return all;
    }

    /** How long to wait, after it has said that it must be asked again later. */
    static Duration after(String output) {
        int seconds = SECONDS;
        try {
            seconds = object(output).path("afterSeconds").asInt(SECONDS);
        } catch (NotAgreed nothingSaid) {
            // The exit code has said what matters.
            seconds = SECONDS;
        }
        return Duration.ofSeconds(Math.clamp(seconds, 1, SECONDS_MAX));
    }

    private static Node node(JsonNode one, String token) {
        String id = text(one, "id", "");
        if (id.isEmpty()) {
            throw new NotAgreed("does not say the \"id\" of a machine");
        }
        if (one.has("token") && !text(one, "token", "").equals(token)) {
            throw new NotAgreed("has another token than the request");
        }
        return new Node(id, token, text(one, "address", ""));
    }

    private static String text(JsonNode one, String field, String otherwise) {
        JsonNode value = one.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        String text = value.asText();
        if (!value.isTextual() || text.length() > ID_LENGTH_MAX
                || !text.matches("[!-~]*")) {
            throw new NotAgreed("has a \"" + field + "\" that is no word of at most "
                    + ID_LENGTH_MAX + " characters");
        }
        return text;
    }

    private static JsonNode object(String output) {
        JsonNode read;
        try {
            read = JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new NotAgreed("is no JSON: '" + Words.shown(output.strip()) + "'");
        }
        if (!read.isObject()) {
            throw new NotAgreed("is no JSON object: '" + Words.shown(output.strip()) + "'");
        }
        return read;
    }
}
