package io.springtide.master.agents;

import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.core.model.RuntimeKind;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

final class RegistrationTest {

    private static Register.Builder sound() {
        return Register.newBuilder().setAgentId("a1").setHostname("host").addRuntimes(
                Runtime.PROCESS).setResources(Resources.newBuilder().setCpusMilli(1))
                .addPorts(PortRange.newBuilder().setFirst(10).setLast(20))
                .putAttributes("disk", "ssd").addHeld(3).addHeld(3);
    }

    private static Registration read(Register.Builder register) {
        return Registration.read(register.build(), TestRing.CLUSTER, 5);
    }

    @Test
    void takesASoundOne() {
        Registration.Accepted accepted = (Registration.Accepted) read(
                sound().setClusterId(TestRing.CLUSTER).setEpochHighest(5));
        assertThat(accepted.held()).containsExactly(3L);
        assertThat(accepted.agent().runtimesMask()).isEqualTo(RuntimeKind.PROCESS.bit());
        assertThat(accepted.agent().attributes()).containsEntry("disk", "ssd");
        assertThat(((Registration.Accepted) read(sound().putReservations("db",
                Resources.newBuilder().setCpusMilli(1).build()))).agent().reservations())
                .containsEntry("db", new io.springtide.core.model.Resources(1, 0, 0, 0));
    }

    static Stream<Arguments> unsound() {
        return Stream.of(unsound("agent_id is empty", r -> r.setAgentId("")),
                unsound("agent_id contains control", r -> r.setAgentId("a\n1")),
                unsound("agent_id is longer", r -> r.setAgentId("a".repeat(256))),
                unsound("rack contains control", r -> r.setRack("x\u001fy")),
                unsound("hostname is empty", r -> r.setHostname("")),
                unsound("attribute disk contains", r -> r.putAttributes("disk", "\u0000")),
                unsound("resources are missing", Register.Builder::clearResources),
                unsound("negative or absurdly large",
                        r -> r.setResources(Resources.newBuilder().setMemMib(-1))),
                unsound("port range", r -> r.addPorts(
                        PortRange.newBuilder().setFirst(0).setLast(5))),
                unsound("port range", r -> r.addPorts(
                        PortRange.newBuilder().setFirst(40_000).setLast(70_000))),
                unsound("overlap at port 20", r -> r.addPorts(
                        PortRange.newBuilder().setFirst(20).setLast(30))),
                unsound("reserved for role *",
                        r -> r.putReservations("*", Resources.getDefaultInstance())),
                unsound("role of a reservation is empty",
                        r -> r.putReservations("", Resources.getDefaultInstance())),
                unsound("negative or absurdly large", r -> r.putReservations("db",
                        Resources.newBuilder().setMemMib(-1).build())),
                unsound("more is reserved than it has", r -> r.putReservations("db",
                        Resources.newBuilder().setCpusMilli(2).build())),
                unsound("at most 16", r -> r.setResources(Resources.newBuilder().setGpus(17))),
                unsound("no runtime", Register.Builder::clearRuntimes),
                unsound("a newer leader exists", r -> r.setEpochHighest(6)),
                unsound("a newer leader exists", r -> r.setEpochHighest(-1)));
    }

    private static Arguments unsound(String why, UnaryOperator<Register.Builder> change) {
        return Arguments.of(why, change);
    }

    @Test
    void refusesWhatBelongsElsewhereAndTellsThatApart() {
        assertThat(read(sound().setClusterId("other"))).isInstanceOfSatisfying(
                Registration.Foreign.class, foreign -> {
                    assertThat(foreign.cluster()).isEqualTo("other");
                    assertThat(foreign.why()).contains("belongs to cluster other");
                });
    }

    @ParameterizedTest
    @MethodSource("unsound")
    void refusesWithASentence(String why, UnaryOperator<Register.Builder> change) {
        assertThat(read(change.apply(sound()))).isInstanceOfSatisfying(Registration.Refusal.class,
                refusal -> assertThat(refusal.why()).contains(why));
    }
}
