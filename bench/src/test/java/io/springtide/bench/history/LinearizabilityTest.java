package io.springtide.bench.history;

import io.springtide.bench.history.Operation.Kind;
import io.springtide.bench.history.Operation.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A checker that never objects would prove nothing. */
class LinearizabilityTest {

    private static Operation op(Kind kind, int token, int instances, long from, long to,
            Outcome outcome) {
        return new Operation(kind, token, instances, from, to, outcome);
    }

    @Test
    void oneAfterTheOther() {
        assertThat(Linearizability.holds(List.of(
                op(Kind.CREATE, 1, 2, 0, 1, Outcome.DONE),
                op(Kind.READ, 1, 2, 2, 3, Outcome.DONE),
                op(Kind.SCALE, 0, 5, 4, 5, Outcome.DONE),
                op(Kind.READ, 1, 5, 6, 7, Outcome.DONE),
                op(Kind.DELETE, 0, 0, 8, 9, Outcome.DONE),
                op(Kind.READ, 0, 0, 10, 11, Outcome.MISSING)))).isTrue();
    }

    @Test
    void aStaleReadIsFound() {
        assertThat(Linearizability.holds(List.of(
                op(Kind.CREATE, 1, 2, 0, 1, Outcome.DONE),
                op(Kind.PUT, 2, 3, 2, 3, Outcome.DONE),
                op(Kind.READ, 1, 2, 4, 5, Outcome.DONE)))).isFalse();
    }

    @Test
    void aLostWriteIsFound() {
        assertThat(Linearizability.holds(List.of(
                op(Kind.PUT, 1, 2, 0, 10, Outcome.DONE),
                op(Kind.PUT, 2, 3, 1, 9, Outcome.DONE),
                op(Kind.READ, 1, 2, 11, 12, Outcome.DONE),
                op(Kind.READ, 2, 3, 13, 14, Outcome.DONE)))).isFalse();
    }

    @Test
    void twoThatOverlapMayComeInAnyOrderButOnlyInOne() {
        List<Operation> writes = List.of(op(Kind.PUT, 1, 2, 0, 10, Outcome.DONE),
                op(Kind.SCALE, 0, 7, 1, 9, Outcome.DONE));
        assertThat(Linearizability.holds(List.of(writes.get(0), writes.get(1),
                op(Kind.READ, 1, 7, 11, 12, Outcome.DONE)))).isTrue();
        assertThat(Linearizability.holds(List.of(writes.get(0), writes.get(1),
                op(Kind.READ, 1, 2, 11, 12, Outcome.DONE)))).isFalse();
    }

    @Test
    void whatWasNotAnsweredMayHaveTakenEffectOrNotButNotTwice() {
        Operation first = op(Kind.PUT, 1, 1, 0, 1, Outcome.DONE);
        Operation lost = op(Kind.PUT, 2, 2, 2, Operation.NEVER, Outcome.UNKNOWN);
        assertThat(Linearizability.holds(List.of(first, lost,
                op(Kind.READ, 1, 1, 5, 6, Outcome.DONE)))).isTrue();
        assertThat(Linearizability.holds(List.of(first, lost,
                op(Kind.READ, 2, 2, 5, 6, Outcome.DONE)))).isTrue();
        assertThat(Linearizability.holds(List.of(first, lost,
                op(Kind.READ, 2, 2, 5, 6, Outcome.DONE),
                op(Kind.READ, 1, 1, 7, 8, Outcome.DONE)))).isFalse();
    }
}
