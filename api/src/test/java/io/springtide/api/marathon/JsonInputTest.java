package io.springtide.api.marathon;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonInputTest {

    private static MarathonError refusal(byte[] body) {
        return Fixtures.refusal(() -> JsonInput.parse(body));
    }

    private static MarathonError refusal(String body) {
        return refusal(body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void acceptsWhatMarathonAccepts() {
        byte[] body = "\uFEFF {\"id\": \"/a\", \"env\": {\"K\": \"\uD83C\uDF0A\"}} \n"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(JsonInput.parseObject(body).path("env").path("K").textValue())
                .isEqualTo("\uD83C\uDF0A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void asksForDataWhenThereIsNone(String body) {
        MarathonError error = refusal(body);
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isEqualTo("Please specify data in JSON format");
        assertThat(error.toJson().path("details").textValue()).startsWith("No content to map");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{]", "nope", "{\"a\":1,}", "{\"a\":NaN}", "{\"a\":Infinity}",
            "{\"a\":01}",
            "{\"a\":1} {}", "{\"a\":1}]", "{'a':1}", "{\"a\":1,\"a\":2}",
            "{\"a\":{\"b\":1,\"b\":1}}",
            "{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"a\":\"\\u0000\"}", "{\"a\":\"\t\"}",
            "/* c */ {}"})
    void saysWhatIsWrongWithTheSyntax(String body) {
        MarathonError error = refusal(body);
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).isEqualTo("Invalid JSON");
        assertThat(error.toJson().path("details").textValue()).isNotBlank().hasSizeLessThan(2000);
    }

    @Test
    void namesTheFieldThatOccursTwice() {
        assertThat(refusal("{\"cmd\":1,\"cmd\":2}").toJson().path("details").textValue())
                .contains("cmd");
    }

    @Test
    void refusesDepthWithoutOverflowingTheStack() {
        assertThat(refusal("[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(refusal("{\"a\":".repeat(100_000)).status()).isEqualTo(400);
        String closed = "[".repeat(JsonInput.DEPTH_MAX) + "]".repeat(JsonInput.DEPTH_MAX);
        assertThat(JsonInput.parse(closed.getBytes(StandardCharsets.UTF_8)).isArray()).isTrue();
    }

    @Test
    void refusesHugeBodiesAndNumbers() {
        byte[] body = new byte[JsonInput.BODY_BYTES_MAX + 1];
        Arrays.fill(body, (byte) ' ');
        assertThat(refusal(body).status()).isEqualTo(413);
        assertThat(refusal("{\"cpus\":" + "9".repeat(100_000) + "}").status()).isEqualTo(400);
        assertThat(refusal("{\"cpus\":0." + "9".repeat(100_000) + "}").status()).isEqualTo(400);
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[][] bodies = {{'"', (byte) 0xFF, '"'}, {'"', (byte) 0xC0, (byte) 0x80, '"'},
                {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}, {'"', (byte) 0xE2, (byte) 0x82},
                "{\"a\":1}".getBytes(StandardCharsets.UTF_16)};
        for (byte[] body : bodies) {
            assertThat(refusal(body).status()).isEqualTo(400);
        }
    }

    @Test
    void wantsTheRightKindOfDocument() {
        byte[] array = "[]".getBytes(StandardCharsets.UTF_8);
        byte[] object = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(Fixtures.problems(Fixtures.refusal(() -> JsonInput.parseObject(array))))
                .containsExactly("/: error.expected.jsobject");
        assertThat(Fixtures.problems(Fixtures.refusal(() -> JsonInput.parseArray(object))))
                .containsExactly("/: error.expected.jsarray");
        assertThat(JsonInput.parseArray(array)).isEmpty();
    }
}
