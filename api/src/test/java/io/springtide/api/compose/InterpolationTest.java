package io.springtide.api.compose;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class InterpolationTest {
    private static final Map<String, String> VARIABLES = Map.of("A", "1", "EMPTY", "", "B_2", "x");

    private final Findings findings = new Findings();
    private final Interpolation interpolation = new Interpolation(new Surroundings() {
        @Override
        public Optional<String> variable(String name) {
            return Optional.ofNullable(VARIABLES.get(name));
        }

        @Override
        public Optional<String> file(String path) {
            return Optional.empty();
        }
    }, findings);

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', value = {"$A,1", "${A},1", "a${A}b,a1b", "$B_2-,x-", "$$A,$A",
            "$${A},${A}", "${NONE:-d},d", "${NONE-d},d", "${EMPTY:-d},d", "[${EMPTY-d}],[]",
            "${NONE:-${A}},1", "${NONE:-${OTHER:-deep}}!,deep!", "${A:+set},set",
            "[${NONE:+set}],[]",
            "[${EMPTY:+set}],[]", "[${EMPTY+set}],[set]", "${A:?must},1", "${NONE:-a:b-c},a:b-c",
            "100%,100%"})
    void replaces(String text, String expected) {
        assertThat(interpolation.text(text, "p")).isEqualTo(expected);
        assertThat(findings.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"${A", "$", "a $ b", "${}", "${1}", "${A!x}", "${EMPTY:?}", "${NONE?gone}"})
    void refuses(String text) {
        interpolation.text(text, "p");
        assertThat(findings.errors()).hasSize(1);
    }

    @Test
    void whatIsNotSetIsEmptyAndTold() {
        assertThat(interpolation.text("[$NONE]", "p")).isEqualTo("[]");
        assertThat(findings.warnings()).extracting(Finding::text)
                .containsExactly("variable NONE is not set; it is taken as empty");
    }

    @Test
    void nestingHasAnEnd() {
        interpolation.text("${N:-".repeat(200) + "}".repeat(200), "p");
        assertThat(findings.errors()).extracting(Finding::text)
                .containsExactly("variables are nested deeper than 20 levels");
    }
}
