package io.springtide.api.marathon;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks a task again and again whether it is well.
 *
 * @param protocol how it asks
 * @param path for HTTP; {@code /} if empty
 * @param port a number to ask at
 * @param portIndex or the index of one of the app's ports
 * @param command for {@link Protocol#COMMAND}
 * @param gracePeriodSeconds in which failures of a task that was never healthy do not count
 * @param intervalSeconds between two questions
 * @param timeoutSeconds for an answer
 * @param maxConsecutiveFailures before the task is replaced; 0 for never
 * @param delaySeconds before the first question
 * @param ignoreHttp1xx whether an answer of the kind 1xx counts as none
 * @param ipProtocol which address is asked
 */
public record HealthCheck(Protocol protocol, Optional<String> path, OptionalInt port,
        OptionalInt portIndex, Optional<String> command, int gracePeriodSeconds,
        int intervalSeconds,
        int timeoutSeconds, int maxConsecutiveFailures, int delaySeconds, boolean ignoreHttp1xx,
        IpProtocol ipProtocol) {

    /** How to ask, and who does: the master for the plain ones, the agent for {@code MESOS_} and commands. */
    public enum Protocol implements Literal {
        /** A GET. */
        HTTP,
        /** A GET over TLS, certificates not verified. */
        HTTPS,
        /** A connection. */
        TCP,
        /** A command in the task's container. */
        COMMAND,
        /** A GET by the agent. */
        MESOS_HTTP,
        /** A GET over TLS by the agent. */
        MESOS_HTTPS,
        /** A connection by the agent. */
        MESOS_TCP;

        @Override
        public String json() {
            return name();
        }

        /** Whether the agent asks over the network. */
        public boolean isMesosNetwork() {
            return this == MESOS_HTTP || this == MESOS_HTTPS || this == MESOS_TCP;
        }
    }

    /** Families of addresses. */
    public enum IpProtocol implements Literal {
        /** Four bytes. */
        IPV4("IPv4"),
        /** Sixteen bytes. */
        IPV6("IPv6");

        private final String json;

        IpProtocol(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }
}
