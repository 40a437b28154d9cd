package io.springtide.agent.health;

import io.springtide.agent.runtime.Inside;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/** Where to knock: the container's own address where it has one, else a host port of this machine. */
final class Doors {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String LOOPBACK_V6 = "::1";

    private Doors() {}

    /**
     * Where a health check knocks.
     *
     * @throws IOException if there is no such place; the message is for people
     */
    static InetSocketAddress of(HealthTarget target, HealthCheck check, Inside inside)
            throws IOException {
        String own = check.getIpv6() ? ipv6Address(target, inside) : target.ipAddress();
        String loopback = check.getIpv6() ? LOOPBACK_V6 : LOOPBACK;
        if (check.getPort() > 0) {
            return at(own.isEmpty() ? loopback : own, check.getPort());
        }
        return of(target, check.getPortIndex(), own, loopback);
    }

    /**
     * Where a port of a task is reached over IPv4.
     *
     * @throws IOException if there is no such port; the message is for people
     */
    static InetSocketAddress of(HealthTarget target, int portIndex) throws IOException {
        return of(target, portIndex, target.ipAddress(), LOOPBACK);
    }

    private static InetSocketAddress of(HealthTarget target, int index, String own,
            String loopback) throws IOException {
        if (Integer.compareUnsigned(index, target.spec().getPortsCount()) >= 0) {
            throw new IOException("the check names port index " + Integer.toUnsignedString(index)
                    + ", but there are only " + target.spec().getPortsCount() + " ports");
        }
        int containerPort = target.spec().getPorts(index).getContainerPort();
        OptionalInt hostPort = hostPort(target, index);
        if (own.isEmpty()) {
            return at(loopback, hostPort.orElse(containerPort));
        }
        // 0 inside means the same as outside.
        return at(own, containerPort > 0 ? containerPort : hostPort.orElse(0));
    }

    /** The container's own, or empty where it shares the machine's network. */
    private static String ipv6Address(HealthTarget target, Inside inside) throws IOException {
        String address = inside.ipv6Address(target.network()).orElseThrow(() -> new IOException(
                "the container has no IPv6 address; give its Docker network IPv6, or set the"
                        + " check's ipProtocol to IPv4"));
        return address.equals(LOOPBACK_V6) ? "" : address;
    }

    private static InetSocketAddress at(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    private static OptionalInt hostPort(HealthTarget target, int index) {
        if (!target.spec().getPorts(index).getHostPort()) {
            return OptionalInt.empty();
        }
        int before = (int) target.spec().getPortsList().subList(0, index).stream()
                .filter(PortSpec::getHostPort)
                .count();
        return before < target.hostPorts().size()
                ? OptionalInt.of(target.hostPorts().get(before))
                : OptionalInt.empty();
    }
}
