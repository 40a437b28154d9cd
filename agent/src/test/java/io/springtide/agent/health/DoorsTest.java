package io.springtide.agent.health;

import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DoorsTest {

    private static final TaskSpec SPEC = TaskSpec.newBuilder()
            .addPorts(PortSpec.newBuilder().setContainerPort(80))
            .addPorts(PortSpec.newBuilder().setHostPort(true).setContainerPort(81))
            .addPorts(PortSpec.newBuilder().setHostPort(true)).build();

    private final FakeInside inside = new FakeInside();

    private static HealthTarget target(String ipAddress) {
        return HealthTarget.of(new Task(1, "t", SPEC, List.of(31001, 31002), Map.of(),
                Path.of("/tmp")), ipAddress);
    }

    private String door(String ipAddress, HealthCheck.Builder check) throws IOException {
        return Doors.of(target(ipAddress), check.build(), inside).toString();
    }

    private static HealthCheck.Builder index(int index) {
        return HealthCheck.newBuilder().setPortIndex(index);
    }

    @Test
    void withoutAnAddressOfItsOwnATaskIsReachedByItsHostPorts() throws IOException {
        assertThat(door("", index(0))).isEqualTo("/127.0.0.1:80");
        assertThat(door("", index(1))).isEqualTo("/127.0.0.1:31001");
        assertThat(door("", index(2))).isEqualTo("/127.0.0.1:31002");
        assertThat(door("", HealthCheck.newBuilder().setPort(99))).isEqualTo("/127.0.0.1:99");
    }

    @Test
    void aContainersAddressGoesWithTheContainersPorts() throws IOException {
        assertThat(door("172.17.0.2", index(0))).isEqualTo("/172.17.0.2:80");
        assertThat(door("172.17.0.2", index(1))).isEqualTo("/172.17.0.2:81");
        assertThat(door("172.17.0.2", index(2))).isEqualTo("/172.17.0.2:31002");
    }

    @Test
    void ipv6AsksForTheAddressOfThatKind() throws IOException {
        inside.ipv6 = Optional.of("fd00:0:0:0:0:0:0:7");
        assertThat(door("172.17.0.2", index(1).setIpv6(true)))
                .isEqualTo("/[fd00:0:0:0:0:0:0:7]:81");
        inside.ipv6 = Optional.of("::1");
        assertThat(door("", index(1).setIpv6(true))).isEqualTo("/[0:0:0:0:0:0:0:1]:31001");
    }

    @Test
    void aContainerWithoutAnIpv6AddressSaysSo() {
        Outcome outcome = new Probe(inside, new ScheduledThreadPoolExecutor(1))
                .run(target("172.17.0.2"), index(1).setIpv6(true)
                        .setProtocol(HealthCheck.Protocol.TCP).build());
        assertThat(outcome).isEqualTo(new Outcome.Unhealthy("the container has no IPv6 address;"
                + " give its Docker network IPv6, or set the check's ipProtocol to IPv4"));
    }

    @Test
    void aPortThatIsNotThereSaysSo() {
        assertThatThrownBy(() -> door("", index(3)))
                .hasMessage("the check names port index 3, but there are only 3 ports");
        assertThatThrownBy(() -> door("", index(-1))).hasMessageContaining("index 4294967295");
    }
}
