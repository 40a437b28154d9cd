package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JsonBytesTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String[] ODD = {"", "a", "\"", "\\", "/", "\n", "\u0001", "\u001f",
            "\u007f",
            "\u0080", "\u00e4", "\u2028", "\ud83c\udf0a", "~", " "};

    private final Random random = new Random(Long.getLong("sim.seed", 20_261_123L));
    private final JsonBytes out = new JsonBytes();

    @Test
    void treesAreWhatJacksonWrites() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            JsonNode tree = tree(4);
            assertThat(written(out.tree(tree))).isEqualTo(MAPPER.writeValueAsString(tree));
        }
    }

    @Test
    void numbersAreWhole() {
        for (long number : new long[]{0, 1, 9, 10, 99, 100, -1, -10, Integer.MAX_VALUE,
                Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(written(out.number(number))).isEqualTo(Long.toString(number));
        }
    }

    @Test
    void timesAreThoseOfTheApi() {
        for (String one : new String[]{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.001Z",
                "1969-12-31T23:59:59.999Z", "2024-02-29T23:59:59.999Z", "2024-03-01T00:00:00Z",
                "9969-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z"}) {
            checkTime(Instant.parse(one).toEpochMilli());
        }
        for (int i = 0; i < 5_000; i++) {
            checkTime(random.nextLong(300_000_000_000_000L));
            // Of one day again and again, as in a list.
            checkTime(1_795_000_000_000L + random.nextInt(200_000_000));
        }
    }

    @Test
    void aLongTextLeavesNothingForTheNext() {
        String text = "0123456789".repeat(100_000);
        assertThat(written(out.text(text))).isEqualTo('"' + text + '"');
        out.raw("half a text");
        out.clear();
        assertThat(written(out.text("next"))).isEqualTo("\"next\"");
    }

    private void checkTime(long timeMs) {
        assertThat(written(out.time(timeMs))).isEqualTo('"' + Timestamps.format(timeMs) + '"');
    }

    private static String written(JsonBytes out) {
        return new String(out.take(), StandardCharsets.UTF_8);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(ODD[random.nextInt(ODD.length)]);
        }
        return text.toString();
    }

    private JsonNode tree(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0 -> Json.object().textNode(text());
            case 1 -> Json.object().numberNode(random.nextInt());
            case 2 -> Json.object().numberNode(random.nextLong());
            case 3 -> Json.object()
                    .numberNode(random.nextDouble() * Math.pow(10, random.nextInt(40) - 20));
            case 4 -> Json.object().numberNode(BigDecimal.valueOf(random.nextLong(), 3));
            case 5 -> Json.object().booleanNode(random.nextBoolean());
            case 6 -> Json.object().nullNode();
            case 7 -> {
                var array = Json.object().arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(tree(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = Json.object();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(), tree(depth - 1));
                }
                yield object;
            }
        };
    }
}
