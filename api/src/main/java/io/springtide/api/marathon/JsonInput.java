package io.springtide.api.marathon;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * The door for request bodies: bytes from a stranger become a JSON tree, or a {@link RequestRefused}.
 *
 * <p>Everything is bounded before any of our rules look at it: size, depth, the length of numbers. Names may
 * occur once only, text is well-formed Unicode without NUL, so that whatever passes can be written out again.
 */
public final class JsonInput {

    /** Marathon's own limit was the ZooKeeper node, one mebibyte for everything together. */
    public static final int BODY_BYTES_MAX = 1 << 20;

    /** The deepest document that Marathon defines has under ten levels outside of nested groups. */
    public static final int DEPTH_MAX = 100;

    private static final int NUMBER_CHARACTERS_MAX = 100;

    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(NUMBER_CHARACTERS_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Names come from strangers: they must not fill the JVM's table of strings.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonInput() {}

    /**
     * Parses a request body.
     *
     * @throws RequestRefused 413 if it is too large, 400 if it is empty or no JSON
     */
    public static JsonNode parse(byte[] body) {
        if (body.length > BODY_BYTES_MAX) {
            throw new RequestRefused(MarathonError.of(413, "The request body has " + body.length
                    + " bytes; at most " + BODY_BYTES_MAX + " are accepted"));
        }
        String text = decode(body);
        JsonNode parsed = parseText(text);
        if (parsed.isMissingNode()) {
            throw new RequestRefused(
                    new MarathonError(400, "Please specify data in JSON format",
                            new MarathonError.Details.Text(
                                    "No content to map due to end-of-input")));
        }
        refuseUnwritableText(parsed);
        return parsed;
    }

    /**
     * Parses a request body that has to be an object.
     *
     * @throws RequestRefused as {@link #parse}, and 422 if it is another kind of value
     */
    public static ObjectNode parseObject(byte[] body) {
        JsonNode parsed = parse(body);
        if (parsed instanceof ObjectNode object) {
            return object;
        }
        throw new RequestRefused(
                MarathonError.unreadable(Violations.of("/", "error.expected.jsobject")));
    }

    /**
     * Parses a request body that has to be an array.
     *
     * @throws RequestRefused as {@link #parse}, and 422 if it is another kind of value
     */
    public static ArrayNode parseArray(byte[] body) {
        JsonNode parsed = parse(body);
        if (parsed instanceof ArrayNode array) {
            return array;
        }
        throw new RequestRefused(
                MarathonError.unreadable(Violations.of("/", "error.expected.jsarray")));
    }

    /** Parses what we have written ourselves; the same limits hold. */
    static JsonNode parseText(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException broken) {
            String where = broken.getLocation() == null
                    ? ""
                    : " at " + broken.getLocation().offsetDescription();
            throw invalid(broken.getOriginalMessage() + where);
        }
    }

    private static String decode(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException broken) {
            throw invalid("The body is not valid UTF-8: " + broken.getMessage());
        }
    }

    private static void refuseUnwritableText(JsonNode root) {
        Deque<JsonNode> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            JsonNode node = open.removeLast();
            if (node.isTextual()) {
                refuseUnwritable(node.textValue());
            }
            if (node.isObject()) {
                for (Map.Entry<String, JsonNode> field : node.properties()) {
                    refuseUnwritable(field.getKey());
                    open.add(field.getValue());
                }
            } else if (node.isArray()) {
                node.forEach(open::add);
            }
        }
    }

    private static void refuseUnwritable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw invalid("A string contains the character NUL, which no process can be given");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalid("A string contains half of a surrogate pair");
            }
        }
    }

    private static RequestRefused invalid(String why) {
        return new RequestRefused(MarathonError.invalidJson(why));
    }
}
