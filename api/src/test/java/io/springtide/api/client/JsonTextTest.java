package io.springtide.api.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "true", "\"x\"", "1e400", "0.10", "-3",
            "{\"b\":[1,{\"c\":null}],\"a\":\"\\u0000ü\"}"})
    void whatIsReadIsWrittenAgain(String text) {
        assertThat(JsonText.compact(JsonText.parse(text))).isEqualTo(text);
        assertThat(JsonText.parse(JsonText.pretty(JsonText.parse(text))))
                .isEqualTo(JsonText.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "{\"a\"}", "1 2", "nul", "{\"a\":1,}", "'x'",
            "NaN"})
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(JsonText.MalformedJson.class);
    }

    @Test
    void depthIsBounded() {
        assertThatThrownBy(() -> JsonText.parse("[".repeat(100_000)))
                .isInstanceOf(JsonText.MalformedJson.class);
    }

    @Test
    void whatIsMissingIsHarmless() {
        Json value = JsonText.parse("{\"a\":{\"b\":2.9},\"n\":null}");
        assertThat(value.get("x").get("y").items()).isEmpty();
        assertThat(value.get("x").text()).isEmpty();
        assertThat(value.get("n").isMissing()).isTrue();
        assertThat(value.get("a").get("b").asLong()).isEqualTo(2);
        assertThat(value.get("a").asLong()).isZero();
    }
}
