package io.springtide.master.plugins;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlacementPluginsTest {

    @Test
    void aScorerFromTheClassPathIsFoundByItsName() {
        assertThat(PlacementPlugins.settings().scorers().names()).contains("binpack", "spread",
                "gpu-fragmentation", "most-disk");
    }

    @Test
    void aScorerFromTheClassPathDecides() {
        SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT,
                PlacementPlugins.settings().scorers());
        run(core, agent("small", 1_000));
        run(core, agent("large", 9_000));
        run(core, agent("middle", 5_000));
        Preferences wish = new Preferences("most-disk", 0, 0, 0, List.of(), List.of());
        Shape shape = new Shape(new Resources(100, 10, 10, 0), List.of(), RuntimeKind.PROCESS,
                PlacementPolicy.BINPACK, Rules.NONE.withPreferences(wish));
        run(core, new Command.SubmitApps(List.of(new Command.AppChange(
                new AppSpec(new AppId("/db"), "{}", 1, shape, Backoff.DEFAULT, Upgrade.DEFAULT,
                        KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 0, false, List.of()),
                Command.AppChange.ABSENT)), false));
        run(core, new Command.Settle());
        int row = core.state().app(new AppId("/db")).orElseThrow().instances().get(0).agentRow();
        assertThat(core.state().agents().spec(row).id().name()).isEqualTo("large");
    }

    private static Command agent(String name, long diskMib) {
        return new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, name, "", "", "",
                new TreeMap<>(), new Resources(4_000, 4_000, diskMib, 0), List.of(),
                RuntimeKind.PROCESS.bit()), List.of());
    }

    private static void run(SchedulerCore core, Command command) {
        core.decide(command, 1_000).events().forEach(core::apply);
    }
}
