package io.springtide.core.decide;

import io.springtide.core.codec.EventCodec;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.event.Event;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.CheckResult.Kind;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a check is answered is kept and shown, and nothing else comes of it. */
class ChecksTest {

    private final Cluster cluster = new Cluster();

    ChecksTest() {
        cluster.joinMany(1);
        cluster.accept(Specs.app("/a", 1).submit());
        cluster.quiesce();
    }

    private static InstanceStatus answer(Kind kind, int value) {
        return new InstanceStatus(1, Condition.RUNNING, -1, "", "", Health.UNKNOWN, 0, false)
                .with(Optional.of(new CheckResult(kind, value)));
    }

    private Instance only(ClusterState state) {
        return state.instance(1).orElseThrow();
    }

    @Test
    void theNewestAnswerIsKept() {
        assertThat(only(cluster.state()).check()).isEqualTo(CheckResult.NONE);
        cluster.say(answer(Kind.HTTP, 503));
        assertThat(only(cluster.state()).check()).isEqualTo(new CheckResult(Kind.HTTP, 503));
        cluster.say(answer(Kind.UNANSWERED, 0));
        assertThat(only(cluster.state()).check()).isEqualTo(new CheckResult(Kind.UNANSWERED, 0));
        cluster.say(new InstanceStatus(1, Condition.RUNNING, -1, "", "", Health.UNKNOWN, 0, false));
        assertThat(only(cluster.state()).check()).as("no news")
                .isEqualTo(new CheckResult(Kind.UNANSWERED, 0));
    }

    @Test
    void itIsNeitherHealthNorAReasonToEndAnything() {
        cluster.say(answer(Kind.COMMAND, 1));
        cluster.passSeconds(600);
        assertThat(only(cluster.state()).goal()).isEqualTo(Goal.RUNNING);
        assertThat(only(cluster.state()).health()).isNotEqualTo(Health.DEAD);
        assertThat(only(cluster.state()).exhausted()).isFalse();
    }

    @Test
    void itOutlivesASnapshotAndAReplay() {
        cluster.say(answer(Kind.COMMAND, -7));
        ClusterState read = StateSnapshot.decode(StateSnapshot.encode(cluster.state()));
        assertThat(only(read).check()).isEqualTo(new CheckResult(Kind.COMMAND, -7));
        ClusterState replayed = new ClusterState();
        EventCodec.readAll(Cluster.bytes(cluster.journal())).forEach(replayed::apply);
        assertThat(only(replayed).check()).isEqualTo(new CheckResult(Kind.COMMAND, -7));
    }

    @Test
    void reportsWithoutAnswersAreWrittenAsBeforeThereWereAny() {
        InstanceStatus silent = new InstanceStatus(1, Condition.RUNNING, -1, "", "",
                Health.UNKNOWN, 0, false);
        int plain = bytes(silent).length;
        assertThat(bytes(silent.with(Optional.of(new CheckResult(Kind.TCP, 1)))))
                .hasSize(plain + 4);
    }

    private static byte[] bytes(InstanceStatus status) {
        FactWriter out = new FactWriter(0);
        EventCodec.write(out, new Event.InstancesReported(0, 1, 1, List.of(status)));
        return out.toBytes();
    }
}
