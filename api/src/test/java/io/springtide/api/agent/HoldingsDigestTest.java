package io.springtide.api.agent;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HoldingsDigestTest {

    @Test
    void theOrderDoesNotMatter() {
        HoldingsDigest one = new HoldingsDigest();
        one.add(1, Condition.RUNNING);
        one.add(2, Condition.STAGING);
        HoldingsDigest other = new HoldingsDigest();
        other.add(2, Condition.STAGING);
        other.add(1, Condition.RUNNING);
        assertThat(one.value()).isEqualTo(other.value());
        assertThat(new HoldingsDigest().value()).isZero();
    }

    @Test
    void anyDifferenceIsSeen() {
        Set<Long> seen = new HashSet<>();
        for (long instance = 1; instance <= 200; instance++) {
            for (int other = 1; other <= 4; other++) {
                HoldingsDigest digest = new HoldingsDigest();
                digest.add(instance, Condition.forNumber(other));
                digest.add(instance + 1, Condition.RUNNING);
                assertThat(seen.add(digest.value())).isTrue();
            }
        }
    }
}
