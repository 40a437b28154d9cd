package io.springtide.bench.api;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ResultTest {

    @Test
    void aLineHasMedianMinimumAndMaximum() {
        Result result = new Result("list", "s", List.of(3.0, 0.0123, 12_345.6, 20.0, 2.0), "1 s");
        assertThat(result.line()).isEqualTo("| list | s | 3.00 | 0.012 | 12 346 | 1 s |");
    }

    @Test
    void nothingMeasuredIsNoResult() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Result("list", "s", List.of(), ""))
                .withMessageContaining("list");
    }
}
