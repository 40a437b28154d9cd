package io.springtide.bench.elastic;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TriesTest {

    private static Tries of(double... values) {
        Tries tries = new Tries("a thing");
        for (double value : values) {
            tries.add(value);
        }
        return tries;
    }

    @Test
    void theMiddleOneCounts() {
        assertThat(of(9, 1, 4).median()).isEqualTo(4);
        assertThat(of(9, 1, 4, 2).median()).isEqualTo(3);
    }

    @Test
    void aRowSaysHowFarTheyLieApart() {
        assertThat(of(9, 1, 4).row("%.1f")).isEqualTo("| a thing | 4.0 | 1.0 | 9.0 | 3 |");
    }

    @Test
    void ofNothingThereIsNoMiddle() {
        assertThatThrownBy(() -> of().median()).hasMessageContaining("a thing");
    }
}
