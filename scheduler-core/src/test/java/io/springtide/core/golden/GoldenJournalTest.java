package io.springtide.core.golden;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.elasticity.Behaviour;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Upkeep;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Invariants;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: a journal written by any release replays to the state it had there. A failure here means that
 * the format was broken: mend the code, leave the files. Only a new format of snapshots, over whose bytes
 * the hashes are taken, is a reason to take them anew. See {@link GoldenJournal}.
 */
class GoldenJournalTest {

    @ParameterizedTest
    @ValueSource(strings = {"journal-1", "journal-2", "journal-3", "journal-4", "journal-5",
            "journal-6", "journal-7"})
    void replaysToTheRecordedState(String name) throws IOException {
        byte[] bytes = resource(name + ".bin");
        String[] expected = new String(resource(name + ".hash"), StandardCharsets.UTF_8).trim()
                .split(" ", -1);
        List<Event> events = EventCodec.readAll(bytes);
        ClusterState state = new ClusterState();
        Invariants invariants = new Invariants().withoutLimits();
        for (Event event : events) {
            state.apply(event);
            invariants.check(state, event);
        }
        assertThat(Long.toHexString(StateSnapshot.hash(StateSnapshot.encode(state))))
                .isEqualTo(expected[0]);
        assertThat(events).hasSize(Integer.parseInt(expected[1]));
    }

    /** The state after the third journal, as the release wrote it that had the third format of snapshots. */
    @Test
    void aSnapshotOfAnOlderReleaseGivesTheSameState() throws IOException {
        byte[] old = resource("snapshot-3.bin");
        assertThat(StateSnapshot.newest(old)).isFalse();
        ClusterState state = StateSnapshot.decode(old);
        byte[] now = StateSnapshot.encode(state);
        assertThat(StateSnapshot.newest(now)).isTrue();
        assertThat(StateSnapshot.encode(StateSnapshot.decode(now))).isEqualTo(now);

        ClusterState replayed = new ClusterState();
        EventCodec.readAll(resource("journal-3.bin")).forEach(replayed::apply);
        assertThat(state.apps().keySet()).isEqualTo(replayed.apps().keySet());
        state.apps().forEach((id, app) -> {
            AppState same = replayed.app(id).orElseThrow();
            assertThat(app.history()).isEqualTo(same.history());
            assertThat(app.memory()).isEqualTo(same.memory());
        });
        assertThat(state.servicePorts().size()).isEqualTo(replayed.servicePorts().size());
        assertThat(state.instanceCount()).isEqualTo(replayed.instanceCount());
    }

    /** Holds as long as no field is added; drop it for older journals once one is. */
    @Test
    void theNewestIsWrittenAsItWasRead() throws IOException {
        byte[] bytes = resource("journal-7.bin");
        assertThat(Cluster.bytes(EventCodec.readAll(bytes))).isEqualTo(bytes);
    }

    @Test
    void holdsEveryKindOfEvent() throws IOException {
        assertThat(EventCodec.readAll(resource("journal-7.bin")).stream().map(Object::getClass)
                .distinct()).hasSize(Event.class.getPermittedSubclasses().length);
    }

    @Test
    void theNewestHoldsAnswersToChecks() throws IOException {
        assertThat(EventCodec.readAll(resource("journal-7.bin"))).anyMatch(
                event -> event instanceof Event.InstancesReported reported && reported.statuses()
                        .stream().anyMatch(status -> status.check().isPresent()));
    }

    /** Constants are stored by their place: new ones go to the end. */
    @Test
    void constantsKeepTheirPlaces() {
        assertThat(Stream.of(AgentCondition.values(), Condition.values(),
                DeploymentAction.Kind.values(), Goal.values(), Health.values(),
                KillSelection.values(), PlacementPolicy.values(), Rejection.values(),
                RuntimeKind.values(), Event.Reason.values(),
                Event.DeploymentEnded.Outcome.values(), Constraint.Operator.values(),
                Rules.RoleUse.values(), ServiceClass.values(), Preferences.Scope.values(),
                RunKind.values(), Delivery.Strategy.values(), CheckResult.Kind.values(),
                Upkeep.Mode.values(), Target.Kind.values(), Target.Measure.values(),
                Behaviour.Select.values(), Behaviour.Unit.values())
                .map(Arrays::toString)).containsExactly(
                        "[LIVE, SUSPECT, UNREACHABLE]",
                        "[PLACED, STAGING, STARTING, RUNNING, UNREACHABLE, UNREACHABLE_INACTIVE,"
                                + " KILLING, FINISHED, FAILED, KILLED, ERROR, GONE, PAUSED]",
                        "[START, SCALE, RESTART, STOP]", "[RUNNING, DECOMMISSIONED, STANDBY]",
                        "[UNKNOWN, ALIVE, DEAD]", "[YOUNGEST_FIRST, OLDEST_FIRST]",
                        "[SPREAD, BINPACK, WEIGHTED, GPU_FRAGMENTATION]",
                        "[AGENT_SILENT, RUNTIME, CPUS, MEMORY, DISK, GPUS, PORTS, ROLE, CONSTRAINT,"
                                + " AFFINITY, SLACK, HELD, QUOTA, CORDONED]",
                        "[PROCESS, DOCKER]",
                        "[KILLED_BY_USER, SURPLUS, REPLACED, APP_REMOVED, UNHEALTHY,"
                                + " LAUNCH_TIMEOUT, PREEMPTED, RECLAIMED, DRAINED]",
                        "[SUCCEEDED, CANCELLED, FAILED]",
                        "[UNIQUE, CLUSTER, GROUP_BY, LIKE, UNLIKE, MAX_PER, IS]",
                        "[ANY, UNRESERVED, RESERVED]", "[GUARANTEED, BURSTABLE, BEST_EFFORT]",
                        "[HOST, RACK, SITE]",
                        "[APP, POD]", "[ROLLING, BLUE_GREEN]",
                        "[NONE, UNANSWERED, HTTP, TCP, COMMAND]", "[OPEN, CORDONED, DRAINING]",
                        "[CPU, MEMORY, REQUESTS, CONCURRENCY, LATENCY, PROMQL]",
                        "[TOTAL, AVERAGE]", "[MOST, LEAST, NONE]", "[INSTANCES, PERCENT]");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GoldenJournalTest.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no golden file " + name);
            }
            return in.readAllBytes();
        }
    }
}
