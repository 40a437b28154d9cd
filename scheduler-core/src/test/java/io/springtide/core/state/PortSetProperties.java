package io.springtide.core.state;

import io.springtide.core.model.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Host ports against a plain set of numbers. */
class PortSetProperties {

    /** Gaps and lengths by turns, so that ranges never overlap. */
    @Provide
    Arbitrary<List<PortRange>> ranges() {
        return Arbitraries.integers().between(1, 90).list().ofMinSize(2).ofMaxSize(8)
                .map(lengths -> {
                    List<PortRange> ranges = new ArrayList<>();
                    int at = 1;
                    for (int i = 0; i + 1 < lengths.size(); i += 2) {
                        at += lengths.get(i);
                        ranges.add(new PortRange(at, at + lengths.get(i + 1) - 1));
                        at += lengths.get(i + 1);
                    }
                    return ranges;
                });
    }

    @Property(tries = 150)
    void neverGivesAPortTwiceNorOneOutsideItsRanges(@ForAll("ranges") List<PortRange> ranges,
            @ForAll @Size(max = 120) List<@IntRange(max = 400) Integer> steps) {
        PortSet ports = new PortSet(ranges);
        NavigableSet<Integer> all = all(ranges);
        TreeSet<Integer> used = new TreeSet<>();
        for (int step : steps) {
            if (step % 3 == 0 && used.contains(step)) {
                ports.release(step);
                used.remove(step);
            } else if (step % 3 == 1 && ports.isFree(step)) {
                ports.take(step);
                assertThat(used.add(step)).isTrue();
            } else if (ports.free() > 0) {
                assertThat(used.add(ports.takeAny())).isTrue();
            }
            assertThat(all).containsAll(used);
            assertThat(ports.free()).isEqualTo(all.size() - used.size());
            all.forEach(port -> assertThat(ports.isFree(port)).isNotEqualTo(used.contains(port)));
        }
    }

    @Property(tries = 100)
    void goesThroughAllBeforeAnyComesAgain(@ForAll("ranges") List<PortRange> ranges) {
        PortSet ports = new PortSet(ranges);
        List<Integer> firstRound = new ArrayList<>();
        List<Integer> secondRound = new ArrayList<>();
        int size = ports.free();
        for (int i = 0; i < 2 * size; i++) {
            int port = ports.takeAny();
            (i < size ? firstRound : secondRound).add(port);
            ports.release(port);
        }
        assertThat(firstRound).containsExactlyElementsOf(all(ranges));
        assertThat(secondRound).isEqualTo(firstRound);
    }

    @Property(tries = 50)
    void aCopyIsOnItsOwn(@ForAll("ranges") List<PortRange> ranges) {
        PortSet ports = new PortSet(ranges);
        PortSet copy = ports.copy();
        int taken = copy.takeAny();
        assertThat(ports.isFree(taken)).isTrue();
        assertThat(ports.takeAny()).isEqualTo(taken);
        assertThat(copy.cursor()).isEqualTo(ports.cursor());
    }

    @Example
    void refusesWhatIsTaken() {
        PortSet ports = new PortSet(List.of(new PortRange(10, 11)));
        ports.take(10);
        assertThatThrownBy(() -> ports.take(10)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ports.take(12)).isInstanceOf(IllegalStateException.class);
        assertThat(ports.takeAny()).isEqualTo(11);
        assertThatThrownBy(ports::takeAny).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void takingAgainLeavesTheTurnAlone() {
        PortSet ports = new PortSet(List.of(new PortRange(10, 19)));
        ports.retake(15);
        ports.retake(15);
        ports.retake(99);
        assertThat(ports.free()).isEqualTo(9);
        assertThat(ports.takeAny()).isEqualTo(10);
    }

    private static NavigableSet<Integer> all(List<PortRange> ranges) {
        NavigableSet<Integer> all = new TreeSet<>();
        for (PortRange range : ranges) {
            for (int port = range.first(); port <= range.last(); port++) {
                all.add(port);
            }
        }
        return all;
    }
}
