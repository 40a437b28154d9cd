package io.springtide.bench.sim;

import io.springtide.core.SilenceSettings;
import io.springtide.core.event.Event;
import io.springtide.master.store.ledger.LedgerException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Goal: the simulator's own parts do what the runs rely on. */
final class SimPartsTest {

    static {
        System.setProperty("logback.configurationFile", "sim-logback.xml");
    }

    private static final SilenceSettings THREE_A_MINUTE = SilenceSettings.DEFAULT.withStorm(300_000,
            3, 100_000);
    private static final int WIPED_SEEDS = 3;
    private static final Event OTHER = new Event.ReignBegan(1);

    @Test
    void thingsHappenByTheirMomentAndThenInTheOrderInWhichTheyWerePlanned() {
        Timeline timeline = new Timeline();
        Actor actor = new Actor("one", 0);
        Dice dice = new Dice(5);
        List<long[]> happened = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long number = i;
            long at = dice.within(0, 500);
            timeline.at(at, actor, () -> happened.add(new long[]{at, number}));
        }
        timeline.runUntil(1_000);
        List<long[]> sorted = new ArrayList<>(happened);
        sorted.sort((one, other) -> one[0] != other[0]
                ? Long.compare(one[0], other[0])
                : Long.compare(one[1], other[1]));
        assertThat(happened).hasSize(5_000).containsExactlyElementsOf(sorted);
        assertThat(timeline.nowNanos()).isEqualTo(1_000);
    }

    @Test
    void moreAgentsGivenUpThanAStormAllowsAreFound() {
        GivenUp counted = new GivenUp(THREE_A_MINUTE);
        for (int row = 0; row < 3; row++) {
            counted.next(new Event.AgentUnreachable(row, 1_000L + row), 10);
        }
        assertThat(counted.next(OTHER, 10)).isEmpty();
        counted.next(new Event.AgentUnreachable(3, 60_000), 10);
        assertThat(counted.next(OTHER, 10)).hasValueSatisfying(
                why -> assertThat(why).contains("4 agents of 10").contains("3 are allowed"));
    }

    @Test
    void afterTheWindowOrAPersonsWordTheyDoNotCount() {
        GivenUp counted = new GivenUp(THREE_A_MINUTE);
        for (int row = 0; row < 3; row++) {
            counted.next(new Event.AgentUnreachable(row, 1_000), 10);
        }
        assertThat(counted.next(OTHER, 10)).isEmpty();
        counted.next(new Event.AgentUnreachable(3, 61_001), 10);
        assertThat(counted.next(OTHER, 10)).isEmpty();
        for (int row = 4; row < 10; row++) {
            counted.next(new Event.AgentUnreachable(row, 61_002), 10);
        }
        assertThat(counted.next(new Event.AgentStormChanged(false, 6, 10, true, 61_002), 10))
                .isEmpty();
        assertThat(counted.next(OTHER, 10)).isEmpty();
    }

    @Test
    void onlyWhatIsGivenUpOrHasEndedMayBeKilled() {
        KillReasons reasons = new KillReasons();
        reasons.next(new Event.InstancesDecommissioned(List.of(3L, 5L),
                Event.Reason.SURPLUS, 1_000));
        reasons.next(new Event.InstancesLost(List.of(8L), "", 1_000));
        reasons.next(OTHER);
        assertThat(LongStream.rangeClosed(0, 10).filter(reasons::hold)).containsExactly(3L, 5L,
                8L);
    }

    @Test
    void aClusterThatBeginsInAnEmptiedStoreMayEndWhatItHasPlaced() {
        for (long seed = 1; seed <= WIPED_SEEDS; seed++) {
            Options drawn = Options.draw(seed, 2, AgentRange.upTo(8));
            List<Fault> faults = new ArrayList<>();
            faults.add(new Fault(0, FaultKind.STORE_WIPED, 20_000, 1_000, seed));
            for (int i = 1; i <= drawn.agents(); i++) {
                faults.add(new Fault(i, FaultKind.AGENT_WIPED, 20_000 + i, 1_000, seed + i));
            }
            faults.add(new Fault(faults.size(), FaultKind.FLASH_LOAD, 40_000, 1_000, seed));
            assertThat(new World(drawn.with(faults).until(80_000), new Seams()).run().violation())
                    .as("seed " + seed).isEmpty();
        }
    }

    /**
     * Goal: a write that comes late into an outage is read by the watcher, and stops no run. Method: the seed
     * and the faults in which it once could not ask the store.
     */
    @Test
    void whatIsWrittenDuringAnOutageIsSeenByTheWatcher() {
        Options drawn = Options.draw(6811, 2, AgentRange.upTo(50));
        assertThat(new World(drawn.until(85_501), new Seams()).run().violation()).isEmpty();
    }

    @Test
    void aStoreThatAnswersNobodyIsReadByTheWatcherOnly() {
        Timeline timeline = new Timeline();
        StoreServer store = new StoreServer(timeline, new Seams());
        SimLedger watchers = SimLedger.faultless(store, timeline, new Dice(1));
        SimLedger masters = new SimLedger(store, timeline, new Dice(2), store::up, () -> true,
                () -> {});
        watchers.settle("key", new byte[]{7});
        store.outage(true);
        assertThat(watchers.read(List.of("key")).getFirst()).hasValue(new byte[]{7});
        assertThatExceptionOfType(LedgerException.class)
                .isThrownBy(() -> masters.read(List.of("key")));
        store.outage(false);
        assertThat(masters.read(List.of("key")).getFirst()).hasValue(new byte[]{7});
    }

    @Test
    void agentsAreANumberOrARange() {
        assertThat(AgentRange.of("50")).isEqualTo(new AgentRange(50, 50)).hasToString("50");
        assertThat(AgentRange.of("3-50")).isEqualTo(AgentRange.upTo(50)).hasToString("3-50");
        assertThat(AgentRange.upTo(2)).isEqualTo(new AgentRange(2, 2));
        for (String wrong : List.of("", "0", "9-3", "1-2-3", "many", "1-501")) {
            assertThatIllegalArgumentException().isThrownBy(() -> AgentRange.of(wrong))
                    .withMessageContaining("agents");
        }
        for (long seed = 1; seed < 20; seed++) {
            assertThat(Options.draw(seed, 1, new AgentRange(7, 7)).agents()).isEqualTo(7);
        }
    }

    @Test
    void aSeriesIsAddedToItsPage(@TempDir Path folder) throws Exception {
        Path page = folder.resolve("kept").resolve("page.md");
        for (int i = 0; i < 2; i++) {
            int exit = SimMain.commandLine(new PrintWriter(new StringWriter())).execute("--seeds",
                    "2", "--minutes", "1", "--agents", "4", "--threads", "1", "--ledger",
                    page.toString());
            assertThat(exit).isZero();
        }
        String text = Files.readString(page);
        assertThat(text.split("## 2 seeds from 1 on", -1)).hasSize(3);
        assertThat(text).contains("1 simulated minutes").contains("4 agents")
                .contains("times real time").contains("2 runs, 0 failed");
    }

    @Test
    void aSeriesUnderWaySaysHowToGoOnAndLeavesOtherSectionsAlone(@TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("page.md");
        Files.writeString(file, "# kept\n\n");
        LedgerPage page = new LedgerPage(file,
                new Simulator.Settings(5, 3, 1, 1, new AgentRange(4, 4)), "abc");
        Report report = new Report();
        RunResult good = new World(Options.draw(5, 1, new AgentRange(4, 4)), new Seams()).run();
        report.add(good);
        page.write(report);
        Files.writeString(file, Files.readString(file) + "## another\n");
        assertThat(Files.readString(file)).startsWith("# kept\n\n## 1 of 3 seeds from 5 on")
                .contains("commit abc").contains("./tide sim --seed 6 --seeds 2 --minutes 1");
        report.add(good.with(new Violation(Invariant.LED, "nobody there")));
        report.add(good);
        page.write(report);
        assertThat(Files.readString(file)).startsWith("# kept\n\n## 3 seeds from 5 on")
                .contains("* seed 5: L-6").contains("nobody there").contains("3 runs, 1 failed")
                .doesNotContain("Not finished").endsWith("## another\n");
    }

    @Test
    void aRunThatIsCutShortIsTheSameUpToThere() {
        Options whole = Options.draw(7, 2, AgentRange.upTo(6));
        Options cut = whole.until(60_000);
        assertThat(cut.faults()).allMatch(fault -> fault.atMs() <= 60_000);
        assertThat(new World(cut, new Seams()).run().violation()).isEqualTo(Optional.empty());
        assertThat(cut.until(60_000).line()).isEqualTo(cut.line()).contains("seconds=60");
    }
}
