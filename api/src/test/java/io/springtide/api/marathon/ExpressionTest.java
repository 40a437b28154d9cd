package io.springtide.api.marathon;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ExpressionTest {

    @ParameterizedTest
    @ValueSource(strings = {"rack-[1-3]", "(a|b)+", "(a+)+$", "[^]x]{3}", "\\Qa{9}(\\E",
            "(?i)eu-.*",
            "x{1000}", "\\d{1,3}(\\.\\d{1,3}){3}", "\\x{10FFFF}", "\\pL+", "a{", "[[:alpha:]]+"})
    void takesWhatRe2Can(String text) {
        assertThat(Expression.fault(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"(a)\\1,backreferences", "(?=a)b,lookahead", "(?!a)b,lookahead",
            "(?<=a)b,lookbehind", "(?<!a)b,lookbehind", "(?>a)b,atomic", "a*+b,possessive"})
    void saysWhatIsNotSupported(String text, String what) {
        assertThat(Expression.fault(text).orElseThrow()).contains(what, "not supported", "RE2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "(", "[a", "(?", "\\"})
    void keepsMarathonsWordsForWhatIsBroken(String text) {
        assertThat(Expression.fault(text)).hasValue("is not a valid regular expression");
    }

    /** Goal: what would become a machine of millions of steps is refused before it is built. */
    @ParameterizedTest
    @ValueSource(strings = {"((a{100}){100}){100}", "(((((a{9}){9}){9}){9}){9}){9}",
            "((x{1000})\\Q(\\E{1}){1000}", "(([\\](]x{1000})[)]){1000}", "((\\((a{999})){999})",
            "(?:(?:a{500}|b){500}|c){500}", "([]({](x{1000})){1000}"})
    void refusesBombs(String text) {
        assertThat(Expression.fault(text)).get().asString().contains("too large");
    }

    @Test
    void isBoundedInLengthAndDepth() {
        assertThat(Expression.fault("a".repeat(1_001))).get().asString().contains("1000");
        for (String deep : List.of("(".repeat(500) + "a" + ")".repeat(500), "(".repeat(1000),
                "((((a*)*)*)*)*".repeat(70))) {
            var unused = Expression.fault(deep);
        }
        assertThat(Expression.fault("(x+x+)+y")).isEmpty();
    }
}
