package io.springtide.bench.placement;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RowTest {

    @Test
    void isComparedOnlyWithPeersThatGotTheSameWorkloadRight() {
        Row ours = row("a", "ours", false, 100, List.of());
        List<Row> all = List.of(ours, row("a", "fenzo", true, 10, List.of()),
                row("a", "quick", true, 20, List.of()), row("a", "wrong", true, 90,
                        List.of("over-committed")),
                row("b", "fenzo", true, 50, List.of()),
                Row.refused("a", "", "none", true, 10, "cannot"));
        assertThat(ours.ratioTo("fenzo", all)).hasValue(10);
        assertThat(ours.ratioTo("wrong", all)).isEmpty();
        assertThat(ours.ratioTo("none", all)).isEmpty();
        assertThat(ours.ratioToPeers(all)).hasValue(5);
    }

    @Test
    void saysBesideItsFiguresWhatIsNotPlain() {
        assertThat(row("a", "x", false, 1, List.of()).note()).isEmpty();
        assertThat(row("a", "x", false, 1, List.of("broken")).note()).isEqualTo("WRONG: broken");
        assertThat(Row.refused("a", "", "x", true, 5, "does not evict").note())
                .isEqualTo("does not evict");
        assertThat(new Row("a", "", "x", true, "", 10, 4, 4, 1, 1, 1, 1, 2, 3, 1, -1, List.of())
                .note()).isEqualTo("cut after 4 tasks; zones differ by 3; 1 share a machine");
    }

    private static Row row(String workload, String engine, boolean peer, double perSecond,
            List<String> violations) {
        return new Row(workload, "", engine, peer, "", 10, 10, 10, 1, perSecond, perSecond,
                perSecond, 5, 1, 0, 8, violations);
    }
}
