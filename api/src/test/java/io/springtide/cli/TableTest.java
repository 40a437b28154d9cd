package io.springtide.cli;

import java.time.Instant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("A", ">N", "LAST").row("long cell", "1", "x").row("", "200", "");
        assertThat(table.lines(true)).containsExactly("A            N  LAST", "long cell    1  x",
                "-          200  -");
        assertThat(table.lines(false)).containsExactly("long cell    1  x", "-          200  -");
    }

    @Test
    void chineseCharactersTakeTwoColumns() {
        assertThat(new Table("A", "B").row("秒杀", "x").row("abcd", "y").lines(false))
                .containsExactly("秒杀  x", "abcd  y");
    }

    @Test
    void aRowOfTheWrongLengthIsABug() {
        assertThatThrownBy(() -> new Table("A", "B").row("1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesAndAmounts() {
        Instant now = Instant.parse("2026-01-02T00:00:00Z");
        assertThat(Moments.ago("2026-01-01T23:59:01Z", now)).isEqualTo("59s");
        assertThat(Moments.ago("2026-01-01T22:58:00Z", now)).isEqualTo("1h02m");
        assertThat(Moments.ago("2026-01-09T00:00:00Z", now)).isEqualTo("0s");
        assertThat(Moments.span(90_000)).isEqualTo("1d01h");
        assertThat(Moments.amount(0.1 + 0.2)).isEqualTo("0.3");
        assertThat(Moments.amount(4)).isEqualTo("4");
    }
}
