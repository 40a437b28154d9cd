package io.springtide.master.metrics;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
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
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: metrics tell what happened. Method: the real core decides, the facts' times are played. */
class FactMetricsTest {

    private static final AgentId AGENT = new AgentId("agent-1");

    private final Registries registries = Registries.empty();
    private final FactMetrics metrics = new FactMetrics(registries);
    private final SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
    private long nowMs = 1_700_000_000_000L;
    private long seq;

    @BeforeEach
    void found() {
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
    }

    @Test
    void timesAnInstanceFromTheRequestOverItsPlacementToItsHealth() {
        submit(3, "{}", true);
        nowMs += 2_000;
        agent(List.of());
        nowMs += 400;
        report(Condition.RUNNING, Health.UNKNOWN);
        nowMs += 600;
        report(Condition.RUNNING, Health.ALIVE);
        report(Condition.RUNNING, Health.DEAD);
        report(Condition.RUNNING, Health.ALIVE);

        assertThat(count("tide_submission_to_placed_seconds")).isEqualTo(3);
        assertThat(sum("tide_submission_to_placed_seconds")).isEqualTo(6);
        assertThat(count("tide_placed_to_running_seconds")).isEqualTo(3);
        assertThat(sum("tide_placed_to_running_seconds")).isEqualTo(1.2);
        assertThat(count("tide_submission_to_ready_seconds")).isEqualTo(3);
        assertThat(sum("tide_submission_to_ready_seconds")).isEqualTo(9);
        assertThat(value("tide_placements_total{result=\"deferred\"}")).isEqualTo(3);
        assertThat(value("tide_placements_total{result=\"placed\"}")).isEqualTo(3);
        assertThat(count("tide_deployment_duration_seconds", "{result=\"succeeded\"}")).isOne();
        assertThat(value("tide_deployment_duration_seconds_sum{result=\"succeeded\"}"))
                .isEqualTo(3);
    }

    /** Who asks for more while he waits does not make the wait look shorter. */
    @Test
    void aWaitGoesOnWhenMoreIsAskedFor() {
        submit(1, "{}", false);
        nowMs += 10_000;
        submit(2, "{}", false);
        nowMs += 10_000;
        agent(List.of());
        assertThat(sum("tide_submission_to_placed_seconds")).isEqualTo(40);
    }

    @Test
    void replacementsAndUpgradesAreNoSubmissions() {
        agent(List.of());
        submit(2, "{}", false);
        report(Condition.RUNNING, Health.UNKNOWN);
        assertThat(count("tide_submission_to_ready_seconds")).isEqualTo(2);
        report(Condition.FINISHED, Health.UNKNOWN);
        nowMs += 600_000;
        command(new Command.Tick());
        report(Condition.RUNNING, Health.UNKNOWN);
        submit(2, "{\"cmd\":\"other\"}", false);
        report(Condition.RUNNING, Health.UNKNOWN);

        assertThat(value("tide_replacements_total{reason=\"finished\"}")).isEqualTo(2);
        assertThat(value("tide_kills_total{reason=\"replaced\"}")).isEqualTo(2);
        assertThat(value("tide_placements_total{result=\"placed\"}")).isEqualTo(6);
        assertThat(count("tide_placed_to_running_seconds")).isEqualTo(6);
        assertThat(count("tide_submission_to_placed_seconds")).isEqualTo(2);
        assertThat(count("tide_submission_to_ready_seconds")).isEqualTo(2);
    }

    @Test
    void countsAnInstanceMadeUpForOnce() {
        agent(List.of());
        submit(2, "{}", false);
        report(Condition.RUNNING, Health.UNKNOWN);
        command(new Command.AgentFellSilent(AGENT));
        for (int i = 0; i < 5; i++) {
            nowMs += 600_000;
            command(new Command.Tick());
        }
        agent(List.of());
        assertThat(value("tide_replacements_total{reason=\"unreachable\"}")
                + value("tide_replacements_total{reason=\"lost\"}")).isEqualTo(2);
    }

    @Test
    void countsAgentsThatComeAgainButNotThoseThatCome() {
        agent(List.of());
        assertThat(value("tide_agent_reregistrations_total")).isZero();
        agent(List.of());
        assertThat(value("tide_agent_reregistrations_total")).isOne();
    }

    @Test
    void countsWhatUsersAndScalingEndButNotAsReplaced() {
        agent(List.of());
        submit(4, "{}", false);
        report(Condition.RUNNING, Health.UNKNOWN);
        submit(3, "{}", false);
        command(new Command.KillInstances(numbers().subList(0, 1), true, true));
        report(Condition.KILLED, Health.UNKNOWN, Goal.DECOMMISSIONED);
        assertThat(numbers()).hasSize(2);
        assertThat(value("tide_kills_total{reason=\"surplus\"}")).isOne();
        assertThat(value("tide_kills_total{reason=\"killed_by_user\"}")).isOne();
        command(new Command.DeleteApp(new AppId("/a")));
        assertThat(value("tide_kills_total{reason=\"app_removed\"}")).isEqualTo(2);
        report(Condition.KILLED, Health.UNKNOWN);
        assertThat(value("tide_replacements_total{reason=\"killed\"}")).isZero();
    }

    /** What never becomes ready must not be kept in mind. */
    @Test
    void forgetsWhatHasEnded() {
        submit(5, "{}", false);
        submit(6, "{}", false);
        assertThat(metrics.underWay()).isOne();
        agent(List.of());
        assertThat(metrics.underWay()).isEqualTo(6);
        command(new Command.KillInstances(numbers().subList(0, 1), false, true));
        report(Condition.STAGING, Health.UNKNOWN);
        submit(2, "{}", false);
        command(new Command.DeleteApp(new AppId("/a")));
        assertThat(metrics.underWay()).isZero();
    }

    private void submit(int instances, String definition, boolean healthChecked) {
        Shape shape = new Shape(new Resources(100, 32, 0, 0), List.of(), RuntimeKind.PROCESS,
                PlacementPolicy.SPREAD);
        AppSpec spec = new AppSpec(new AppId("/a"), definition, instances, shape, Backoff.DEFAULT,
                Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 3_000,
                healthChecked, List.of());
        command(new Command.SubmitApps(
                List.of(new Command.AppChange(spec, Command.AppChange.ANY)), true));
    }

    private void agent(List<Long> held) {
        command(new Command.RegisterAgent(new AgentSpec(AGENT, 7, "127.0.0.1", "", "site-a", "r1",
                new TreeMap<>(), new Resources(64_000, 65_536, 10_000, 0),
                List.of(new PortRange(31_000, 32_000)), RuntimeKind.PROCESS.bit()), held));
    }

    private void report(Condition condition, Health health) {
        report(condition, health, Goal.values());
    }

    private void report(Condition condition, Health health, Goal... goals) {
        command(new Command.ReportStatuses(AGENT, 7, ++seq, numbers().stream()
                .filter(number -> List.of(goals)
                        .contains(core.state().instance(number).orElseThrow().goal()))
                .map(number -> new InstanceStatus(number, condition, -1, "", "", health,
                        health == Health.DEAD ? 1 : 0, false))
                .toList()));
    }

    private List<Long> numbers() {
        InstanceList held = core.state().agents().instances(0);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            numbers.add(held.get(i).number());
        }
        return numbers;
    }

    private void command(Command command) {
        List<Event> events = core.decide(command, nowMs).events();
        apply(events);
        do {
            events = core.decide(new Command.Settle(), nowMs).events();
            apply(events);
        } while (!events.isEmpty());
    }

    private void apply(List<Event> events) {
        for (Event event : events) {
            metrics.before(event, core.state());
            core.apply(event);
            metrics.after(event, core.state());
        }
    }

    private double value(String series) {
        return Scrape.value(registries.prometheus(), series);
    }

    private double count(String histogram, String... labels) {
        return value(histogram + "_count" + String.join("", labels));
    }

    private double sum(String histogram) {
        return Math.round(value(histogram + "_sum") * 1e6) / 1e6;
    }
}
