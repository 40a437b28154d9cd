package io.springtide.api.marathon;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of the fourth phase that concern health, checks and readiness. */
final class CheckRules {

    private final App app;
    private final String path;
    private final Violations violations;

    CheckRules(App app, String path, Violations violations) {
        this.app = app;
        this.path = path;
        this.violations = violations;
    }

    void check() {
        checkHealth();
        app.checks().check().ifPresent(this::checkCheck);
        checkReadiness();
    }

    private void require(boolean rule, String where, String error) {
        violations.require(rule, path + where, error);
    }

    private void checkHealth() {
        List<HealthCheck> checks = app.checks().healthChecks();
        for (int i = 0; i < checks.size(); i++) {
            HealthCheck check = checks.get(i);
            String where = "/healthChecks(" + i + ")";
            boolean fromMaster = switch (check.protocol()) {
                case HTTP, HTTPS, TCP -> check.command().isEmpty();
                case COMMAND, MESOS_HTTP, MESOS_HTTPS, MESOS_TCP -> false;
            };
            require(!fromMaster || reaches(check.portIndex(), check.port()), where,
                    "Health check port indices must address an element of the ports array or container port"
                            + " mappings.");
            require(check.ipProtocol() != HealthCheck.IpProtocol.IPV6
                    || (app.isDocker() && check.protocol().isMesosNetwork()), where,
                    "IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks");
            require(check.protocol() != HealthCheck.Protocol.COMMAND || check.command().isPresent(),
                    where,
                    "Health check protocol COMMAND needs a command.");
        }
        long mesos = checks.stream().filter(check -> check.protocol().isMesosNetwork()
                || check.protocol() == HealthCheck.Protocol.COMMAND).count();
        require(mesos <= 1, "", "AppDefinition can contain at most one Mesos health check");
    }

    private boolean reaches(OptionalInt portIndex, OptionalInt port) {
        if (portIndex.isPresent()) {
            return portIndex.getAsInt() < app.portCount();
        }
        return port.isPresent() || app.portCount() == 1;
    }

    private void checkCheck(Check check) {
        boolean reached = switch (check.probe()) {
            case Check.Probe.Http http -> reaches(http.portIndex(), http.port());
            case Check.Probe.Tcp tcp -> reaches(tcp.portIndex(), tcp.port());
            case Check.Probe.Shell shell -> true;
            case Check.Probe.Argv argv -> true;
        };
        require(reached, "/check",
                "check port index must address an element of the ports array or container port mappings.");
        require(!app.isDocker(), "", "AppDefinition must not use 'checks' if using docker");
    }

    private void checkReadiness() {
        List<ReadinessCheck> checks = app.checks().readinessChecks();
        Set<String> ports = portNames();
        require(checks.size() <= 1, "/readinessChecks/size",
                "got " + checks.size() + ", expected 1 or less");
        for (int i = 0; i < checks.size(); i++) {
            ReadinessCheck check = checks.get(i);
            String where = "/readinessChecks(" + i + ")";
            require(ports.contains(check.portName()), where + "/portName",
                    "No port definition reference for portName " + check.portName());
            require(check.timeoutSeconds() < check.intervalSeconds(), where + "/timeoutSeconds",
                    "got " + check.timeoutSeconds() + ", expected less than "
                            + check.intervalSeconds());
        }
    }

    private Set<String> portNames() {
        return Stream.concat(
                app.networking().portDefinitions().stream().flatMap(p -> p.name().stream()),
                app.container().stream().flatMap(c -> c.portMappings().stream())
                        .flatMap(p -> p.name().stream()))
                .collect(Collectors.toSet());
    }
}
