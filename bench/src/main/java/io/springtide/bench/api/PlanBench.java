package io.springtide.bench.api;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.command.Command.AppChange;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs the engine to decide on a deployment: the plan and its facts, for changes of one app and of
 * ten, among more and more apps. The core alone, on one thread.
 */
final class PlanBench {

    private static final List<Integer> SIZES = List.of(100, 1_000, 10_000);
    private static final int WARM_UP = 50_000;
    private static final int TIMES = 5_000;

    private final SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
    private long nowMs = 1_700_000_000_000L;

    private PlanBench(int apps) {
        decideAndApply(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        for (int from = 0; from < apps; from += Command.SubmitApps.CHANGES_MAX) {
            List<AppChange> changes = new ArrayList<>();
            for (int i = from; i < Math.min(apps, from + Command.SubmitApps.CHANGES_MAX); i++) {
                changes.add(new AppChange(app(i), AppChange.ABSENT));
            }
            decideAndApply(new Command.SubmitApps(changes, false));
        }
        settle();
    }

    static List<Result> run(int runs) {
        List<Result> results = new ArrayList<>();
        for (int changed : List.of(1, 10)) {
            for (int apps : SIZES) {
                PlanBench bench = new PlanBench(apps);
                bench.micros(changed, WARM_UP);
                List<Double> micros = new ArrayList<>();
                for (int i = 0; i < runs; i++) {
                    micros.add(bench.micros(changed, TIMES));
                }
                results.add(new Result("deployment of " + changed
                        + (changed == 1 ? " app" : " apps") + " among " + apps, "µs", micros,
                        "as among 100"));
            }
        }
        return results;
    }

    /** Deciding changes nothing until it is applied, so it can be asked again and again. */
    private double micros(int changed, int times) {
        int apps = core.state().apps().size();
        long nanos = 0;
        for (int i = 0; i < times; i++) {
            List<AppChange> changes = new ArrayList<>();
            for (int k = 0; k < changed; k++) {
                int app = (i * 7 + k * 13) % apps;
                AppVersion current = core.state().app(id(app)).orElseThrow().current();
                changes.add(new AppChange(current.spec().withInstances(3), current.versionMs()));
            }
            Command command = new Command.SubmitApps(changes, true);
            long start = System.nanoTime();
            int facts = core.decide(command, nowMs + 1).events().size();
            nanos += System.nanoTime() - start;
            if (facts <= changed) {
                throw new IllegalStateException("a deployment of " + changed + " apps gave "
                        + facts + " facts");
            }
        }
        return nanos / 1e3 / times;
    }

    private void decideAndApply(Command command) {
        nowMs += 10;
        core.decide(command, nowMs).events().forEach(core::apply);
    }

    private void settle() {
        boolean more = true;
        while (more) {
            nowMs += 10;
            var facts = core.decide(new Command.Settle(), nowMs).events();
            facts.forEach(core::apply);
            more = !facts.isEmpty();
        }
    }

    private static AppId id(int index) {
        return new AppId(ApiCluster.path(index));
    }

    private static AppSpec app(int index) {
        String definition = "{\"id\":\"" + id(index).path() + "\",\"cmd\":\"sleep 3600\"}";
        return new AppSpec(id(index), definition, 0,
                new Shape(new Resources(100, 16, 0, 0), List.of(0), RuntimeKind.PROCESS,
                        PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DEFAULT, 3_000, false, List.of(20_000 + index));
    }
}
