package io.springtide.bench.chaos;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: no kill and no freeze of any one process loses what was acknowledged, starts a task twice or ends
 * one. Method: three masters, three ZooKeeper servers and four agents as processes, one round of each;
 * {@code tide chaos} is the long form. Times are printed and not judged: machines are noisy.
 */
class ChaosIT {

    @TempDir
    Path folder;

    @Test
    @Timeout(600)
    void aKilledOrFrozenProcessLosesNothingAndDoublesNothing() throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        Scenario killLeader = new KillLeader();
        List<String> violations = ChaosCommand.run(Ensemble.Kind.ZOOKEEPER,
                folder.toRealPath(),
                List.of(killLeader, new PauseLeader(), killLeader, new KillStoreServer(),
                        LoseAgent.byKill()),
                1, out);
        assertThat(violations).isEmpty();
    }
}
