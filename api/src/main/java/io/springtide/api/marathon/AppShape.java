package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;

import static io.springtide.api.marathon.Shape.bool;
import static io.springtide.api.marathon.Shape.integer;
import static io.springtide.api.marathon.Shape.list;
import static io.springtide.api.marathon.Shape.literal;
import static io.springtide.api.marathon.Shape.longInteger;
import static io.springtide.api.marathon.Shape.map;
import static io.springtide.api.marathon.Shape.maybe;
import static io.springtide.api.marathon.Shape.must;
import static io.springtide.api.marathon.Shape.number;
import static io.springtide.api.marathon.Shape.object;
import static io.springtide.api.marathon.Shape.text;
import static io.springtide.api.marathon.Shape.word;

/** The shape of an app definition and of an update, fields of older dialects included. */
final class AppShape {

    private static final int PORT_MAX = 65_535;
    private static final int URI_CHARACTERS_MAX = 1024;

    static final Shape PORT = integer(0, PORT_MAX);
    static final Shape LABELS = map(text());
    private static final Shape PORT_NAME = text(1, Integer.MAX_VALUE, AppShape::isPortName);
    private static final Shape CONSTRAINTS = list(list(text()));

    static final Shape NETWORK = object(maybe("mode", literal(Network.Mode.values())),
            maybe("name", word()), maybe("labels", LABELS));

    private static final Shape PORT_DEFINITION = object(maybe("port", PORT),
            maybe("protocol", literal(PortProtocol.values())), maybe("name", PORT_NAME),
            maybe("labels", LABELS));

    private static final Shape PORT_MAPPING = object(maybe("containerPort", PORT),
            maybe("hostPort", PORT), maybe("servicePort", PORT),
            maybe("protocol", literal(PortProtocol.values())), maybe("name", PORT_NAME),
            maybe("labels", LABELS), maybe("networkNames", list(text())));

    private static final Shape DOCKER = object(must("image", word()),
            maybe("forcePullImage", bool()), maybe("privileged", bool()),
            maybe("parameters", list(object(must("key", word()), must("value", text())))),
            maybe("pullConfig", object(must("secret", word()))),
            maybe("credential", object(must("principal", text()), maybe("secret", text()))),
            maybe("network", literal("BRIDGE", "HOST", "NONE", "USER")),
            maybe("portMappings", list(PORT_MAPPING)));

    private static final Shape.Field CONTAINER_PATH = must("containerPath", word());
    private static final Shape MODE = literal(Volume.Mode.values());

    private static final Shape HOST_VOLUME = object(CONTAINER_PATH, must("hostPath", word()),
            must("mode", MODE));

    static final Shape PERSISTENT = object(maybe("type", literal(Volume.DiskType.values())),
            must("size", longInteger()), maybe("maxSize", longInteger()),
            maybe("profileName", word()), maybe("constraints", CONSTRAINTS));

    private static final Shape PERSISTENT_VOLUME = object(CONTAINER_PATH, maybe("mode", MODE),
            must("persistent", PERSISTENT));

    private static final Shape EXTERNAL_VOLUME = object(CONTAINER_PATH, maybe("mode", MODE),
            must("external", object(maybe("provider", word()), maybe("name", word()),
                    maybe("size", integer()), maybe("options", map(Shape.any())),
                    maybe("shared", bool()))));

    private static final Shape SECRET_VOLUME = object(CONTAINER_PATH, must("secret", word()));

    /** Which kind of volume it is shows in its fields; what has none of them is a host volume. */
    private static final Shape VOLUME = (value, path, violations) -> {
        Shape shape = value.hasNonNull("persistent")
                ? PERSISTENT_VOLUME
                : value.hasNonNull("external")
                        ? EXTERNAL_VOLUME
                        : value.hasNonNull("secret") ? SECRET_VOLUME : HOST_VOLUME;
        return shape.read(value, path, violations);
    };

    static final Shape LINUX_INFO = object(
            maybe("seccomp", object(maybe("profileName", word()), maybe("unconfined", bool()))),
            maybe("ipcInfo", object(must("mode", literal(LinuxInfo.IpcMode.values())),
                    maybe("shmSize", integer()))));

    private static final Shape CONTAINER = object(maybe("type", literal(Container.Type.values())),
            maybe("docker", DOCKER), maybe("portMappings", list(PORT_MAPPING)),
            maybe("volumes", list(VOLUME)), maybe("linuxInfo", LINUX_INFO));

    private static final Shape IP_ADDRESS = object(maybe("networkName", word()),
            maybe("groups", list(text())), maybe("labels", LABELS),
            maybe("discovery", object(maybe("ports", list(object(must("number", PORT),
                    must("name", PORT_NAME),
                    maybe("protocol", literal(PortProtocol.values()))))))));

    private static final Shape HEALTH_CHECK = object(
            maybe("protocol", literal(HealthCheck.Protocol.values())), maybe("path", text()),
            maybe("port", PORT), maybe("portIndex", integer()),
            maybe("command", object(must("value", word()))),
            maybe("gracePeriodSeconds", integer()), maybe("intervalSeconds", integer()),
            maybe("timeoutSeconds", integer()), maybe("maxConsecutiveFailures", integer()),
            maybe("delaySeconds", integer()), maybe("ignoreHttp1xx", bool()),
            maybe("ipProtocol", literal(HealthCheck.IpProtocol.values())));

    private static final Shape CHECK = object(
            maybe("http", object(maybe("portIndex", integer()), maybe("port", PORT),
                    maybe("path", text()), maybe("scheme", literal(Check.Scheme.values())))),
            maybe("tcp", object(maybe("portIndex", integer()), maybe("port", PORT))),
            maybe("exec", object(must("command",
                    object(maybe("shell", word()), maybe("argv", list(text())))))),
            maybe("intervalSeconds", integer()), maybe("timeoutSeconds", integer()),
            maybe("delaySeconds", integer()));

    private static final Shape READINESS_CHECK = object(maybe("name", word()),
            maybe("protocol", literal(ReadinessCheck.Protocol.values())), maybe("path", word()),
            maybe("portName", PORT_NAME), maybe("intervalSeconds", integer()),
            maybe("timeoutSeconds", integer()), maybe("httpStatusCodesForReady", list(integer())),
            maybe("preserveLastResponse", bool()));

    private static final Shape FETCH = object(
            must("uri", text(1, URI_CHARACTERS_MAX, any -> true)), maybe("extract", bool()),
            maybe("executable", bool()), maybe("cache", bool()), maybe("destPath", text()));

    private static final Shape ENV_SECRET = object(must("secret", word()));
    static final Shape ENV_VALUE = (value, path, violations) -> value.isObject()
            ? ENV_SECRET.read(value, path, violations)
            : text().read(value, path, violations);

    /** Numbers are checked here, words later: Marathon has a sentence of its own for those. */
    private static final Shape LIMIT = (value, path, violations) -> value.isTextual()
            ? value
            : number().read(value, path, violations);

    private static final Shape UNREACHABLE_WORD = literal("disabled");
    private static final Shape UNREACHABLE_TIMES = object(maybe("inactiveAfterSeconds", integer()),
            maybe("expungeAfterSeconds", integer()));
    static final Shape UNREACHABLE = (value, path,
            violations) -> (value.isTextual() ? UNREACHABLE_WORD : UNREACHABLE_TIMES)
                    .read(value, path, violations);

    static final Shape PATH_ID = text(0, Integer.MAX_VALUE, PathId::isWellFormed);

    static final Shape LIMITS = object(maybe("cpus", LIMIT), maybe("mem", LIMIT));

    static final Shape EXECUTOR_RESOURCES = object(maybe("cpus", number()), maybe("mem", number()),
            maybe("disk", number()));

    private static final Shape RATIO = number(0, 1);

    static final Shape UPGRADE = object(maybe("minimumHealthCapacity", RATIO),
            maybe("maximumOverCapacity", RATIO));

    static final Shape SECRETS = map(object(must("source", word())));

    /** A complete definition. */
    static final Shape APP = object(fields(must("id", PATH_ID)));

    /** A definition whose id is told by the request's path. */
    static final Shape APP_BY_PATH = object(fields(maybe("id", Shape.any())));

    /** Some fields of a definition, or the version to go back to. */
    static final Shape UPDATE = object(fields(maybe("id", PATH_ID), maybe("version", text())));

    private AppShape() {}

    private static Shape.Field[] fields(Shape.Field... ids) {
        List<Shape.Field> all = new ArrayList<>(List.of(ids));
        all.addAll(List.of(maybe("cmd", word()), maybe("args", list(text())), maybe("user", text()),
                maybe("env", map(ENV_VALUE)), maybe("instances", integer()),
                maybe("cpus", number()),
                maybe("mem", number()), maybe("disk", number()), maybe("gpus", integer()),
                maybe("resourceLimits", LIMITS),
                maybe("executor", text(0, Integer.MAX_VALUE, AppShape::isExecutor)),
                maybe("executorResources", EXECUTOR_RESOURCES),
                maybe("constraints", CONSTRAINTS), maybe("fetch", list(FETCH)),
                maybe("uris", list(text())), maybe("labels", LABELS),
                maybe("portDefinitions", list(PORT_DEFINITION)),
                maybe("ports", list(integer(Integer.MIN_VALUE, Integer.MAX_VALUE))),
                maybe("requirePorts", bool()), maybe("networks", list(NETWORK)),
                maybe("ipAddress", IP_ADDRESS), maybe("container", CONTAINER)));
        all.addAll(List.of(maybe("backoffSeconds", integer()),
                maybe("backoffFactor", number(1, Double.MAX_VALUE)),
                maybe("maxLaunchDelaySeconds", integer()),
                maybe("healthChecks", list(HEALTH_CHECK)),
                maybe("check", CHECK), maybe("readinessChecks", list(READINESS_CHECK)),
                maybe("dependencies", list(text())),
                maybe("upgradeStrategy", UPGRADE),
                maybe("unreachableStrategy", UNREACHABLE),
                maybe("killSelection", literal(Rollout.KillSelection.values())),
                maybe("taskKillGracePeriodSeconds", integer()),
                maybe("acceptedResourceRoles", list(text())), maybe("role", text()),
                maybe("residency",
                        object(maybe("relaunchEscalationTimeoutSeconds", integer()),
                                maybe("taskLostBehavior",
                                        literal(Placement.TaskLostBehavior.values())))),
                maybe("secrets", SECRETS), maybe("tty", bool()),
                maybe("placement", PlacementTermsTree.SHAPE),
                maybe("rollout", RolloutTermsTree.SHAPE),
                maybe("onPartition", StrictShape.oneOf(Rollout.OnPartition.values()))));
        return all.toArray(Shape.Field[]::new);
    }

    /** Lower-case letters, digits and inner dashes. */
    static boolean isPortName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = i > 0 && i < text.length() - 1;
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && inner))) {
                return false;
            }
        }
        return true;
    }

    /** Empty, {@code //cmd}, or a path without empty parts. */
    private static boolean isExecutor(String text) {
        return text.isEmpty() || text.equals("//cmd")
                || (!text.contains("//") && !text.endsWith("/"));
    }
}
