package io.springtide.api.marathon;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LabelSelectorTest {

    private static final Map<String, String> LABELS = Map.of("tier", "web", "team", "cart",
            "odd,key", "a b", "in", "x");

    @ParameterizedTest
    @ValueSource(strings = {"tier", "tier==web", " tier == web ", "tier!=db", "tier in (db, web)",
            "tier notin (db)",
            "tier==web,team==cart", "tier , team", "odd\\,key", "odd\\,key==a\\ b", "in",
            "in in (x)", "tier in(web)"})
    void chooses(String selector) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent", "absent!=x", "absent notin (x)", "tier==db", "tier!=web",
            "tier in (db)",
            "tier notin (db,web)", "tier==web,absent"})
    void leavesOut(String selector) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "a,", "a==", "a=b", "a in", "a in ()", "a in (b",
            "a in (b,)", "==a",
            "a like b", "a b", "a)", "a\\"})
    void explainsWhatItCannotRead(String selector) {
        MarathonError error = Fixtures.refusal(() -> LabelSelector.parse(selector));
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.message())
                .startsWith("Can not parse label selector " + selector + ". Reason: expected ");
    }

    @Test
    void isBounded() {
        MarathonError error = Fixtures
                .refusal(() -> LabelSelector.parse("a,".repeat(100_000) + "a"));
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.message()).hasSizeLessThan(300);
    }
}
