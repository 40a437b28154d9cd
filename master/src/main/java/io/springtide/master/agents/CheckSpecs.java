package io.springtide.master.agents;

import io.springtide.api.agent.HealthCheck;
import io.springtide.api.marathon.Check;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Puts checks whose answers are only shown into the words of the agent protocol. */
final class CheckSpecs {

    private static final long MS_PER_SECOND = 1_000;

    private CheckSpecs() {}

    /** The check of an app; the rules for apps have seen to it that it reaches a port. */
    static HealthCheck of(Check check) {
        HealthCheck.Builder out = HealthCheck.newBuilder()
                .setIntervalMs(check.intervalSeconds() * MS_PER_SECOND)
                .setTimeoutMs(check.timeoutSeconds() * MS_PER_SECOND)
                .setDelayMs(check.delaySeconds() * MS_PER_SECOND);
        switch (check.probe()) {
            case Check.Probe.Http http -> port(out.setProtocol(http.scheme() == Check.Scheme.HTTPS
                    ? HealthCheck.Protocol.HTTPS
                    : HealthCheck.Protocol.HTTP)
                    .setPath(http.path().orElse("/")), http.portIndex(), http.port());
            case Check.Probe.Tcp tcp ->
                port(out.setProtocol(HealthCheck.Protocol.TCP), tcp.portIndex(), tcp.port());
            case Check.Probe.Shell(String command) ->
                out.setProtocol(HealthCheck.Protocol.COMMAND).setCommand(command);
            case Check.Probe.Argv(List<String> words) ->
                out.setProtocol(HealthCheck.Protocol.COMMAND).setCommand(line(words));
        }
        return out.build();
    }

    /** An index wins over a number, as where the rules look; without both the only port is meant. */
    private static void port(HealthCheck.Builder out, OptionalInt index, OptionalInt port) {
        if (index.isPresent()) {
            out.setPortIndex(index.getAsInt());
        } else {
            out.setPort(port.orElse(0));
        }
    }

    /** Words as a line for the shell: they are quoted, so that it sees each as it is. */
    static String line(List<String> words) {
        return words.stream().map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }
}
