package io.springtide.bench.sim;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: what may be so after requests of which not all were answered is known exactly. */
final class PromisesTest {

    private final Promises<String> promises = new Promises<>("two");

    @Test
    void whatIsRefusedIsNotSo() {
        promises.refuse("none", promises.ask("none"));
        assertThat(promises.allow("none"::equals)).isFalse();
        assertThat(promises.allow("two"::equals)).isTrue();
        assertThat(promises.certain()).isTrue();
    }

    @Test
    void aRefusalSaysNothingOfAnEarlierRequestForTheSame() {
        promises.ask("none");
        promises.refuse("none", promises.ask("none"));
        assertThat(promises.allow("none"::equals)).isTrue();
        assertThat(promises.allow("two"::equals)).isTrue();
        assertThat(promises.certain()).isFalse();
    }

    @Test
    void whatIsRefusedIsNotSoThoughSomethingElseMayBe() {
        promises.ask("none");
        promises.refuse("three", promises.ask("three"));
        assertThat(promises.allow("three"::equals)).isFalse();
        assertThat(promises.allow("none"::equals)).isTrue();
    }

    @Test
    void whatIsPromisedStaysSoThoughItIsRefusedTheSecondTime() {
        promises.refuse("two", promises.ask("two"));
        assertThat(promises.allow("two"::equals)).isTrue();
    }

    @Test
    void whatIsKeptEndsAllDoubts() {
        promises.ask("none");
        promises.ask("three");
        promises.keep("three");
        assertThat(promises.newest()).isEqualTo("three");
        assertThat(promises.certain()).isTrue();
        assertThat(promises.allow("two"::equals)).isFalse();
        assertThat(promises.allow("none"::equals)).isFalse();
    }
}
