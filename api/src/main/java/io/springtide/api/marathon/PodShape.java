package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

import static io.springtide.api.marathon.Shape.bool;
import static io.springtide.api.marathon.Shape.integer;
import static io.springtide.api.marathon.Shape.list;
import static io.springtide.api.marathon.Shape.literal;
import static io.springtide.api.marathon.Shape.maybe;
import static io.springtide.api.marathon.Shape.must;
import static io.springtide.api.marathon.Shape.number;
import static io.springtide.api.marathon.Shape.object;
import static io.springtide.api.marathon.Shape.text;
import static io.springtide.api.marathon.Shape.word;

/** The shape of the definition of a pod. */
final class PodShape {

    private static final int NAME_CHARACTERS_MAX = 63;
    private static final int PATH_CHARACTERS_MAX = 1024;
    private static final int ENV_NAME_CHARACTERS_MAX = 254;

    private static final Shape NAME = text(1, NAME_CHARACTERS_MAX, AppShape::isPortName);
    private static final Shape FILE = text(1, PATH_CHARACTERS_MAX, any -> true);

    private static final Shape ENV_VALUES = Shape.map(AppShape.ENV_VALUE);
    private static final Shape ENVIRONMENT = (value, path, violations) -> {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            violations.require(isEnvName(entry.getKey()), path + "/" + entry.getKey(),
                    "error.pattern");
        }
        return ENV_VALUES.read(value, path, violations);
    };

    private static final Shape COMMAND = object(maybe("shell", word()),
            maybe("argv", list(text())));
    private static final Shape EXEC_PROBE = object(must("command", COMMAND));
    private static final Shape HTTP_PROBE = object(must("endpoint", NAME), maybe("path", FILE),
            maybe("scheme", literal(Check.Scheme.values())));
    private static final Shape TCP_PROBE = object(must("endpoint", NAME));

    private static final Shape HEALTH_CHECK = object(maybe("http", HTTP_PROBE),
            maybe("tcp", TCP_PROBE), maybe("exec", EXEC_PROBE),
            maybe("gracePeriodSeconds", integer()), maybe("intervalSeconds", integer()),
            maybe("maxConsecutiveFailures", integer()), maybe("timeoutSeconds", integer()),
            maybe("delaySeconds", integer()));

    private static final Shape CHECK = object(maybe("http", HTTP_PROBE), maybe("tcp", TCP_PROBE),
            maybe("exec", EXEC_PROBE), maybe("intervalSeconds", integer()),
            maybe("timeoutSeconds", integer()), maybe("delaySeconds", integer()));

    private static final Shape ENDPOINT = object(must("name", NAME),
            maybe("containerPort", AppShape.PORT), maybe("hostPort", AppShape.PORT),
            maybe("protocol", list(text())), maybe("labels", AppShape.LABELS),
            maybe("networkNames", list(text())));

    private static final Shape IMAGE = object(must("kind", literal("DOCKER")), must("id", FILE),
            maybe("forcePull", bool()), maybe("pullConfig", object(must("secret", word()))),
            maybe("labels", AppShape.LABELS));

    private static final Shape RESOURCES = object(maybe("cpus", number()), maybe("mem", number()),
            maybe("disk", number()), maybe("gpus", integer()));

    private static final Shape ARTIFACT = object(must("uri", FILE), maybe("extract", bool()),
            maybe("executable", bool()), maybe("cache", bool()), maybe("destPath", FILE));

    private static final Shape CONTAINER = object(must("name", NAME),
            maybe("exec", object(must("command", COMMAND), maybe("overrideEntrypoint", bool()))),
            must("resources", RESOURCES), maybe("resourceLimits", AppShape.LIMITS),
            maybe("endpoints", list(ENDPOINT)), maybe("image", IMAGE),
            maybe("environment", ENVIRONMENT), maybe("user", text()),
            maybe("healthCheck", HEALTH_CHECK), maybe("check", CHECK),
            maybe("volumeMounts",
                    list(object(must("name", NAME), must("mountPath", FILE),
                            maybe("readOnly", bool())))),
            maybe("artifacts", list(ARTIFACT)), maybe("labels", AppShape.LABELS),
            maybe("lifecycle", object(maybe("killGracePeriodSeconds", number()))),
            maybe("tty", bool()), maybe("linuxInfo", AppShape.LINUX_INFO));

    private static final Shape CONTAINER_LIST = list(CONTAINER);
    private static final Shape CONTAINERS = (value, path, violations) -> {
        violations.require(!value.isArray() || !value.isEmpty(), path, "error.minLength");
        return CONTAINER_LIST.read(value, path, violations);
    };

    private static final Shape VOLUME = object(must("name", NAME), maybe("host", word()),
            maybe("secret", word()), maybe("persistent", AppShape.PERSISTENT));

    private static final Shape SCHEDULING = object(
            maybe("backoff",
                    object(maybe("backoff", integer()),
                            maybe("backoffFactor", number(1, Double.MAX_VALUE)),
                            maybe("maxLaunchDelay", integer()))),
            maybe("upgrade", AppShape.UPGRADE),
            maybe("placement",
                    object(maybe("constraints",
                            list(object(must("fieldName", text()),
                                    must("operator", literal(Constraint.Operator.values())),
                                    maybe("value", text())))),
                            maybe("acceptedResourceRoles", list(text())))),
            maybe("killSelection", literal(Rollout.KillSelection.values())),
            maybe("unreachableStrategy", AppShape.UNREACHABLE));

    /** A complete definition. */
    static final Shape POD = object(must("id", AppShape.PATH_ID),
            maybe("labels", AppShape.LABELS), maybe("user", text()),
            maybe("environment", ENVIRONMENT), must("containers", CONTAINERS),
            maybe("secrets", AppShape.SECRETS), maybe("volumes", list(VOLUME)),
            maybe("networks", list(AppShape.NETWORK)),
            maybe("scaling", object(must("kind", literal("fixed")),
                    maybe("instances", integer()))),
            maybe("scheduling", SCHEDULING),
            maybe("executorResources", AppShape.EXECUTOR_RESOURCES), maybe("role", text()),
            maybe("linuxInfo", AppShape.LINUX_INFO), maybe("legacySharedCgroups", bool()),
            maybe("onPartition", StrictShape.oneOf(Rollout.OnPartition.values())));

    private PodShape() {}

    /** A name that every shell can use. */
    private static boolean isEnvName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            if (!letter && !(i > 0 && c >= '0' && c <= '9')) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= ENV_NAME_CHARACTERS_MAX;
    }
}
