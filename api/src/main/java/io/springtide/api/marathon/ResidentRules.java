package io.springtide.api.marathon;

import java.util.List;
import java.util.OptionalInt;

/** What an update may not change in an app whose instances own data: its reservations are made already. */
final class ResidentRules {

    private static final String ADVICE = " If you need to make this change, please create a new service.";

    private final App before;
    private final App after;
    private final String path;
    private final Violations violations;

    ResidentRules(App before, App after, String path, Violations violations) {
        this.before = before;
        this.after = after;
        this.path = path;
        this.violations = violations;
    }

    void check() {
        if (!before.isResident()) {
            return;
        }
        violations.require(volumes(before).equals(volumes(after)), path,
                "Persistent volumes can not be changed!");
        Resources old = before.resources();
        Resources wanted = after.resources();
        requireSame(old.cpus() == wanted.cpus(), "/cpus");
        requireSame(old.memMib() == wanted.memMib(), "/mem");
        requireSame(old.diskMib() == wanted.diskMib(), "/disk");
        requireSame(old.gpus() == wanted.gpus(), "/gpus");
        requireSame(before.networking().requirePorts() == after.networking().requirePorts(),
                "/requirePorts");
        violations.require(hostPorts(before).equals(hostPorts(after)),
                path + (after.networking().isHost()
                        ? "/portDefinitions"
                        : "/container/portMappings"),
                "Services with persistent volumes configured may not change host ports." + ADVICE);
    }

    private void requireSame(boolean same, String field) {
        violations.require(same, path + field,
                "Services with persistent volumes configured may not change resource requirements."
                        + ADVICE);
    }

    private static List<Volume> volumes(App app) {
        return app.container().stream().flatMap(c -> c.volumes().stream())
                .filter(Volume.Persistent.class::isInstance).toList();
    }

    private static List<OptionalInt> hostPorts(App app) {
        if (app.networking().isHost()) {
            return app.networking().portDefinitions().stream()
                    .map(p -> app.networking().requirePorts()
                            ? OptionalInt.of(p.port())
                            : OptionalInt.empty())
                    .toList();
        }
        return app.container().stream().flatMap(c -> c.portMappings().stream())
                .map(PortMapping::hostPort).toList();
    }
}
