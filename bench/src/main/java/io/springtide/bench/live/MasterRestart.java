package io.springtide.bench.live;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.Folders;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.ring.Engine;
import io.springtide.master.view.CommittedState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * From the start of a master's process to "ready", with a journal that holds many running instances.
 * The journal is written by the real engine, fed with what agents would have reported.
 *
 * <p>Arguments: how often, then the number of instances; {@code 5 10000} if there are none.
 */
public final class MasterRestart {

    private static final int AGENTS = 100;
    private static final long WAIT_S = 60;

    private MasterRestart() {}

    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int instances = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        Path folder = Files.createTempDirectory("tide-restart");
        try {
            write(folder.resolve("master"), instances);
            double[] seconds = new double[runs];
            for (int i = 0; i < runs; i++) {
                long start = System.nanoTime();
                try (LocalCluster cluster = new LocalCluster(folder, 0)) {
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                    long running = cluster.get("/v2/apps//bench").body().path("app")
                            .path("instances").asLong();
                    if (running != instances) {
                        throw new IllegalStateException(
                                "the master came back with " + running + " instances");
                    }
                }
            }
            Arrays.sort(seconds);
            System.out.println("| instances in the journal | ready after s (median) | min | max |");
            System.out.println("|---|---|---|---|");
            System.out.printf("| %d | %.2f | %.2f | %.2f |%n", instances, seconds[runs / 2],
                    seconds[0],
                    seconds[runs - 1]);
        } finally {
            Folders.delete(folder);
        }
    }

    private static void write(Path data, int instances) throws Exception {
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            CommittedState view = new CommittedState(new ClusterState(), 0);
            try (Engine engine = new Engine(
                    new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view, journal,
                    journal.epochNext(), 0, new EngineMetrics(Registries.empty()), failure -> {
                        throw new IllegalStateException(failure);
                    })) {
                engine.start();
                tell(engine, new Command.FoundCluster(journal.clusterId()));
                for (int i = 0; i < AGENTS; i++) {
                    tell(engine, new Command.RegisterAgent(agent(i), List.of()));
                }
                tell(engine, new Command.SubmitApps(
                        List.of(new Command.AppChange(app(instances), 0)), false));
                for (int i = 0; i < AGENTS; i++) {
                    report(engine, view, i);
                }
            }
        }
    }

    private static void report(Engine engine, CommittedState view, int agent) throws Exception {
        List<InstanceStatus> statuses = view.read(state -> {
            List<InstanceStatus> found = new ArrayList<>();
            var held = state.agents().instances(agent);
            for (int i = 0; i < held.size(); i++) {
                found.add(new InstanceStatus(held.get(i).number(), Condition.RUNNING, 0, "", "",
                        Health.UNKNOWN, 0,
                        false));
            }
            return found;
        });
        tell(engine, new Command.ReportStatuses(new AgentId("agent-" + agent), agent, 1, statuses));
    }

    private static void tell(Engine engine, Command command) throws Exception {
        engine.submit(command).get(WAIT_S, TimeUnit.SECONDS);
    }

    private static AgentSpec agent(int index) {
        return new AgentSpec(new AgentId("agent-" + index), index, "127.0.0.1", "", "site-a",
                "rack-" + index % 10,
                new TreeMap<>(), new Resources(1_000_000, 1_000_000, 1_000_000, 0),
                List.of(new PortRange(31_000, 32_000)), RuntimeKind.PROCESS.bit());
    }

    private static AppSpec app(int instances) {
        String definition = "{\"id\":\"/bench\",\"cmd\":\"sleep 3600\",\"cpus\":0.1,\"mem\":16}";
        return new AppSpec(new AppId("/bench"), definition, instances,
                new Shape(new Resources(100, 16, 0, 0), List.of(0), RuntimeKind.PROCESS,
                        PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT,
                3_000, false,
                List.of(10_000));
    }
}
