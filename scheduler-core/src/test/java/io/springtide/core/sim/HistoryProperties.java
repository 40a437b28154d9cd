package io.springtide.core.sim;

import io.springtide.core.event.Event;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Goal: whatever happens, in whatever order, the invariants hold after each event, and once the faults
 * end everything is as wanted. Method: histories drawn from seeds. A failure names its seed; run that
 * one alone with {@code -Dtest=HistoryProperties -Dsim.seed=N}.
 */
class HistoryProperties {

    /** No history goes back to a backup: RestoreTest has these. */
    private static final Set<Class<?>> OF_A_RESTORE = Set.of(Event.ClusterRestored.class,
            Event.AgentCompared.class, Event.RestoreConfirmed.class);

    private static final int STEPS = 250;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void convergesOnceFaultsEnd(@ForAll long seed) {
        history(seed, drawn -> new World(drawn, World.Room.AMPLE, 0).rage(STEPS).heal().replay());
    }

    @Property(tries = 40, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void staysSoundWhereRoomIsShort(@ForAll long seed) {
        history(seed, drawn -> new World(drawn, World.Room.TIGHT, 0).rage(STEPS).replay());
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void snapshotAndTheRestGiveTheSame(@ForAll long seed) {
        history(seed, drawn -> new World(drawn, World.Room.TIGHT, 0).rage((int) (drawn & 127))
                .cut().rage(STEPS / 2).replay());
    }

    /** Ticks come no more often than hanging launches are swept: see {@link Shadow}. */
    @Property(tries = 25, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aRestoredCoreDecidesAsIfNothingHadHappened(@ForAll long seed) {
        history(seed, HistoryProperties::restoredHalfway);
    }

    /** The order in which apps were touched once showed in the decisions. */
    @Example
    void aRestoredCoreDecidesInTheSameOrder() {
        history(1077, HistoryProperties::restoredHalfway);
    }

    private static void restoredHalfway(long seed) {
        World world = new World(seed, (seed & 1) == 0 ? World.Room.AMPLE : World.Room.TIGHT, 5_000)
                .rage(STEPS / 2);
        world.cluster().restoreShadow();
        world.rage(STEPS / 2);
    }

    /** A history that never gets anywhere would prove nothing. */
    @Example
    void historiesSeeEveryKindOfEvent() {
        TreeSet<String> missing = new TreeSet<>();
        for (Class<?> kind : Event.class.getPermittedSubclasses()) {
            if (!OF_A_RESTORE.contains(kind)) {
                missing.add(kind.getSimpleName());
            }
        }
        for (long seed = 1; seed <= 200 && !missing.isEmpty(); seed++) {
            World world = new World(seed, World.Room.TIGHT, 0).rage(STEPS);
            world.cluster().passSeconds(90);
            world.cluster().journal()
                    .forEach(event -> missing.remove(event.getClass().getSimpleName()));
        }
        assertThat(missing).isEmpty();
    }

    @Example
    void aFailureNamesItsSeed() {
        assertThatThrownBy(() -> history(42, seed -> {
            throw new IllegalStateException("planted");
        })).isInstanceOf(AssertionError.class).hasMessageContaining("planted")
                .hasMessageContaining("-Dsim.seed=" + Long.getLong("sim.seed", 42));
    }

    private static void history(long drawn, LongConsumer history) {
        long seed = Long.getLong("sim.seed", drawn);
        try {
            history.accept(seed);
        } catch (RuntimeException | AssertionError broken) {
            throw new AssertionError(broken.getMessage() + " [repeat with -Dsim.seed=" + seed + "]",
                    broken);
        }
    }
}
