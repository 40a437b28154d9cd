package io.springtide.bench.sim;

import io.springtide.core.CoreSettings;
import io.springtide.master.agents.GatewaySettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one run is like, all of it drawn from its seed: a run with few faults of one kind finds other things
 * than one with many of all.
 *
 * @param faults in the order in which they come
 */
record Options(long seed, long faultMs, int agents, int masters, int apps, long latencyNanosMean,
        long storeNanosMean, long diskNanosMean, long startNanosMean, long clientPauseMsMean,
        int snapshotEvery, boolean poolAtOnce, CoreSettings core, GatewaySettings gateway,
        List<Fault> faults) {

    private static final long FIRST_FAULT_MS = 10_000;
    private static final int KIND_ON_PERCENT = 35;
    private static final int WIPED_PERCENT = 6;
    private static final long TEN_MINUTES_MS = 600_000;

    /**
     * Draws a run.
     *
     * @param range of the number of agents
     */
    static Options draw(long seed, int minutes, AgentRange range) {
        Dice dice = new Dice(seed * 0x9E3779B97F4A7C15L + 1);
        long faultMs = minutes * 60_000L;
        int agents = dice.within(range.least(), range.most() + 1);
        int masters = dice.within(1, 4);
        int apps = dice.within(2, 8);
        return new Options(seed, faultMs, agents, masters, apps,
                dice.within(Timeline.MS / 10, 8 * Timeline.MS),
                dice.within(Timeline.MS / 5, 6 * Timeline.MS),
                dice.within(Timeline.MS / 20, 4 * Timeline.MS),
                dice.within(20 * Timeline.MS, 2 * Timeline.SECOND),
                dice.within(8_000L, 60_000L), dice.within(100, 3_000), dice.percent(50),
                CoreSettings.DEFAULT, GatewaySettings.DEFAULT, faults(dice, faultMs, masters));
    }

    private static List<Fault> faults(Dice dice, long faultMs, int masters) {
        List<Fault> drawn = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            boolean wiped = kind == FaultKind.STORE_WIPED;
            if (!dice.percent(wiped ? WIPED_PERCENT : KIND_ON_PERCENT)) {
                continue;
            }
            int tenMinutes = (int) Math.max(1, faultMs / TEN_MINUTES_MS);
            int count = wiped ? 1 : dice.within(1, 8) * tenMinutes;
            for (int i = 0; i < count; i++) {
                long at = wiped
                        ? faultMs - faultMs / 8
                        : dice.within(FIRST_FAULT_MS, faultMs);
                long longest = kind == FaultKind.MASTER_CRASH && masters == 1 ? 20_000 : 60_000;
                // Many are short, some are long: what matters is on both sides of every timeout.
                long duration = Math.min(longest, dice.latency(8_000));
                drawn.add(new Fault(0, kind, at, Math.max(200, duration), dice.next()));
            }
        }
        drawn.sort(Comparator.comparingLong(Fault::atMs).thenComparing(Fault::kind));
        List<Fault> numbered = new ArrayList<>();
        for (Fault fault : drawn) {
            numbered.add(new Fault(numbered.size(), fault.kind(), fault.atMs(),
                    fault.durationMs(), fault.seed()));
        }
        return numbered;
    }

    /** The same run with fewer faults. */
    Options with(List<Fault> fewer) {
        return new Options(seed, faultMs, agents, masters, apps, latencyNanosMean, storeNanosMean,
                diskNanosMean, startNanosMean, clientPauseMsMean, snapshotEvery, poolAtOnce, core,
                gateway, List.copyOf(fewer));
    }

    /** The same run, whose faults are over at some time; those after it do not come. */
    Options until(long endMs) {
        return new Options(seed, endMs, agents, masters, apps, latencyNanosMean, storeNanosMean,
                diskNanosMean, startNanosMean, clientPauseMsMean, snapshotEvery, poolAtOnce, core,
                gateway, faults.stream().filter(fault -> fault.atMs() <= endMs).toList());
    }

    /** Everything that was drawn, on one line. */
    String line() {
        Map<FaultKind, Long> counts = faults.stream()
                .collect(Collectors.groupingBy(Fault::kind, TreeMap::new, Collectors.counting()));
        String kinds = counts.entrySet().stream()
                .map(one -> one.getKey().text() + ":" + one.getValue())
                .collect(Collectors.joining(","));
        return "seed=" + seed + " seconds=" + faultMs / 1_000 + " agents=" + agents + " masters="
                + masters + " apps=" + apps + " latencyUs=" + latencyNanosMean / 1_000 + " storeUs="
                + storeNanosMean / 1_000 + " diskUs=" + diskNanosMean / 1_000 + " startMs="
                + startNanosMean / Timeline.MS + " clientPauseMs=" + clientPauseMsMean
                + " snapshotEvery=" + snapshotEvery + " poolAtOnce=" + poolAtOnce + " faults={"
                + kinds + "}";
    }
}
