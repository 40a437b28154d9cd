package io.springtide.bench.sim;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: no seed breaks an invariant. Method: 200 clusters of ten minutes each, every 50th twice. */
final class SimulatorTest {

    static {
        // Before anything of a simulated cluster logs: it would be more than anybody reads.
        System.setProperty("logback.configurationFile", "sim-logback.xml");
    }

    private static final int SEEDS = Integer.getInteger("sim.seeds", 200);
    private static final long SEED = Long.getLong("sim.seed", 1);
    private static final int AGENTS_MAX = 20;
    private static final int MINUTES = 10;

    @Test
    void holdsWhatItPromisesWhateverFails() throws InterruptedException {
        StringWriter said = new StringWriter();
        Report report = new Simulator(new Simulator.Settings(SEED, SEEDS, MINUTES,
                Math.min(2, Runtime.getRuntime().availableProcessors()),
                AgentRange.upTo(AGENTS_MAX)),
                new PrintWriter(said, true)).run();
        System.out.println(report.text());
        assertThat(report.failures()).as(said.toString()).isZero();
        assertThat(report.checks()).isPositive();
        assertThat(report.faults()).isGreaterThan(SEEDS);
    }

    @Test
    void givesTheSameHistoryAgain() {
        RunResult once = new World(Options.draw(7, 2, AgentRange.upTo(8)), new Seams()).run();
        RunResult again = new World(Options.draw(7, 2, AgentRange.upTo(8)), new Seams()).run();
        RunResult other = new World(Options.draw(8, 2, AgentRange.upTo(8)), new Seams()).run();
        assertThat(again.trace()).isEqualTo(once.trace()).isNotEqualTo(other.trace());
        assertThat(again.things()).isEqualTo(once.things());
    }

    @Test
    void leavesOutWhatIsNotNeededToFail() {
        Options failing = failing();
        Options fewer = new Shrinker(AlwaysKills::new, Invariant.LEADERLESS).shrink(failing);
        assertThat(fewer.faults()).hasSizeLessThan(failing.faults().size());
        assertThat(fewer.faultMs()).isLessThan(failing.faultMs());
        assertThat(new World(fewer, new AlwaysKills()).run().violation())
                .hasValueSatisfying(found -> assertThat(found.invariant())
                        .isEqualTo(Invariant.LEADERLESS));
    }

    private static Options failing() {
        for (long seed = 1; seed < 50; seed++) {
            Options options = Options.draw(seed, 3, AgentRange.upTo(6));
            if (options.faults().size() > 10 && new World(options, new AlwaysKills()).run()
                    .violation().filter(found -> found.invariant() == Invariant.LEADERLESS)
                    .isPresent()) {
                return options;
            }
        }
        throw new AssertionError("no seed under 50 is of use here");
    }

    @Test
    void replaysWithSomeOfTheFaultsOnly() {
        StringWriter said = new StringWriter();
        var broken = new Simulator(new Simulator.Settings(3, 1, 2, 1, AgentRange.upTo(6)),
                new PrintWriter(said, true)).replay(List.of(), Long.MAX_VALUE);
        assertThat(broken).isEmpty();
        assertThat(said.toString()).contains("seed=3").contains("faults={}").contains("hash=");
    }

    private static final class AlwaysKills extends Seams {
        @Override
        protected long stopsAloneAfterMs() {
            return 3_000;
        }
    }
}
