package io.springtide.master.scaling;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.springtide.master.scaling.Queries.Answered;
import java.io.IOException;

/** Reads what Prometheus answers to a query: one number, or a sentence why there is none. */
final class PromAnswer {

    private static final int SHOWN_MAX = 200;
    private static final int OK = 200;

    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build());

    private PromAnswer() {}

    static Answered read(int status, byte[] body, long nowMs) {
        JsonNode answer;
        try {
            answer = MAPPER.readTree(body);
        } catch (JacksonException garbled) {
            return Answered.none("Prometheus answered with status " + status + " and no JSON",
                    nowMs);
        } catch (IOException impossible) {
            throw new IllegalStateException("bytes could not be read", impossible);
        }
        if (status != OK || !answer.path("status").asText().equals("success")) {
            String why = answer.path("error").asText();
            return Answered.none("Prometheus refused the query with status " + status
                    + (why.isEmpty() ? "" : ": " + cut(why)), nowMs);
        }
        JsonNode data = answer.path("data");
        JsonNode result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> number(result.path(1), nowMs);
            case "vector" -> switch (result.size()) {
                case 0 -> Answered.none("the query gives nothing: no series matches it now", nowMs);
                case 1 -> number(result.path(0).path("value").path(1), nowMs);
                default -> Answered.none("the query gives " + result.size()
                        + " series; make one number of them, for example with sum()", nowMs);
            };
            default -> Answered.none("the query gives no number but a "
                    + cut(data.path("resultType").asText()) + "; ask for an instant value", nowMs);
        };
    }

    private static Answered number(JsonNode text, long nowMs) {
        double value;
        try {
            // Double.parseDouble knows neither spelling of Prometheus' infinities.
            value = switch (text.asText()) {
                case "NaN" -> Double.NaN;
                case "+Inf", "Inf", "-Inf" -> Double.POSITIVE_INFINITY;
                default -> Double.parseDouble(text.asText());
            };
        } catch (NumberFormatException garbled) {
            return Answered.none("the query gives no number but '" + cut(text.asText()) + "'",
                    nowMs);
        }
        if (!Double.isFinite(value)) {
            return Answered.none("the query gives " + cut(text.asText())
                    + ", which is no number to scale by", nowMs);
        }
        return value < 0
                ? Answered.none("the query gives " + value + ", which is below zero", nowMs)
                : Answered.of(value, nowMs);
    }

    private static String cut(String text) {
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "...";
    }
}
