package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The third phase: what must hold before a canonical tree can become an {@link App}. */
final class CanonicalRules {

    /** Compiling an expression recurses into its groups: a long one would overflow the stack. */
    private static final int EXPRESSION_CHARACTERS_MAX = 1000;

    private final Fields app;
    private final String path;
    private final ServerSettings settings;
    private final Violations violations;

    CanonicalRules(JsonNode app, String path, ServerSettings settings, Violations violations) {
        this.app = new Fields(app);
        this.path = path;
        this.settings = settings;
        this.violations = violations;
    }

    void check() {
        checkConstraints(app.node().path("constraints"), path + "/constraints");
        violations.require(
                !app.has("acceptedResourceRoles") || app.hasItems("acceptedResourceRoles"),
                path + "/acceptedResourceRoles", "must not be empty");
        checkLimitWords(app.in("resourceLimits"), path + "/resourceLimits", violations);
        List<String> dependencies = app.texts("dependencies");
        for (int i = 0; i < dependencies.size(); i++) {
            violations.require(PathId.isWellFormed(dependencies.get(i)),
                    path + "/dependencies(" + i + ")",
                    "must fully match regular expression of an app id");
        }
        checkContainer();
        checkCheck();
    }

    private void checkContainer() {
        Fields container = app.in("container");
        boolean docker = !container.textOr("type", Container.Type.DOCKER.json())
                .equals(Container.Type.MESOS.json());
        if (app.has("container")) {
            violations.require(!docker || container.has("docker"), path + "/container/docker",
                    "not defined");
        }
        Optional<Fields> pull = container.in("docker").object("pullConfig");
        if (pull.isPresent()) {
            checkPullConfig(docker, pull.get().textOr("secret", ""));
        }
        JsonNode volumes = container.node().path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String where = path + "/container/volumes(" + i + ")";
            checkVolume(new Fields(volumes.get(i)), where, docker);
        }
    }

    private void checkPullConfig(boolean docker, String secret) {
        String where = path + "/container/docker/pullConfig";
        if (docker) {
            violations.add(where, "pullConfig is not supported with Docker containerizer");
            return;
        }
        if (!settings.has(ServerSettings.SECRETS)) {
            violations.add(where, "must be empty");
            violations.add(where, featureOff(ServerSettings.SECRETS));
        }
        violations.require(app.in("secrets").has(secret), where,
                "pullConfig.secret must refer to an existing secret");
    }

    private void checkVolume(Fields volume, String where, boolean docker) {
        if (volume.has("persistent")) {
            checkPersistent(volume, where);
        } else if (volume.has("external")) {
            violations.require(settings.has(ServerSettings.EXTERNAL_VOLUMES), where,
                    featureOff(ServerSettings.EXTERNAL_VOLUMES));
            checkExternal(volume.in("external"), where + "/external", docker);
        } else if (volume.has("secret")) {
            violations.require(settings.has(ServerSettings.SECRETS), where,
                    featureOff(ServerSettings.SECRETS));
            violations.require(app.in("secrets").has(volume.textOr("secret", "")), where,
                    "volume.secret must refer to an existing secret");
        }
    }

    private void checkPersistent(Fields volume, String where) {
        String containerPath = volume.textOr("containerPath", "");
        violations.require(!containerPath.contains("/"), where + "/containerPath",
                "value must not contain \"/\"");
        violations.require(!containerPath.equals(".") && !containerPath.equals(".."),
                where + "/containerPath", "can not be one of (.,..)");
        violations.require(!volume.textOr("mode", "RW").equals("RO"), where + "/mode",
                "got RO, expected RW");
        checkDisk(volume.in("persistent"), where + "/persistent", violations);
    }

    /** Limits are numbers or one word. */
    static void checkLimitWords(Fields limits, String where, Violations violations) {
        for (String resource : List.of("cpus", "mem")) {
            JsonNode limit = limits.node().path(resource);
            violations.require(!limit.isTextual() || limit.textValue().equals("unlimited"),
                    where + "/" + resource, "'" + limit.asText()
                            + "' is an invalid resource limit. It must be 'unlimited' or a number");
        }
    }

    /** What is reserved for a persistent volume. */
    static void checkDisk(Fields persistent, String at, Violations violations) {
        long size = persistent.node().path("size").longValue();
        violations.require(size > 0, at + "/size", "got 0, expected more than 0");
        Volume.DiskType type = persistent.literalOr("type", Volume.DiskType.ROOT);
        if (persistent.has("maxSize")) {
            violations.require(type == Volume.DiskType.MOUNT, at,
                    "Only mount volumes can have maxSize");
            violations.require(persistent.node().path("maxSize").longValue() > size,
                    at + "/maxSize",
                    "Max size must be larger than size");
        }
        JsonNode constraints = persistent.node().path("constraints");
        violations.require(type != Volume.DiskType.ROOT || constraints.isEmpty(), at,
                "Constraints on root volumes are not supported");
        for (int i = 0; i < constraints.size(); i++) {
            JsonNode constraint = constraints.get(i);
            String operator = constraint.path(1).asText();
            boolean known = constraint.size() == 3 && constraint.path(0).asText().equals("path")
                    && (operator.equals("LIKE") || operator.equals("UNLIKE"));
            String rule = at + "/constraints(" + i + ")";
            violations.require(known, rule, "Unsupported constraint " + shown(constraint));
            violations.require(!known || isExpression(constraint.path(2).asText()), rule,
                    "is not a valid regular expression");
        }
    }

    private void checkExternal(Fields external, String where, boolean docker) {
        String provider = external.textOr("provider", "");
        boolean dvdi = provider.equals("dvdi");
        violations.require(dvdi || provider.equals("csi"), where + "/provider",
                external.has("provider") ? "is unknown provider" : "not defined");
        violations.require((!dvdi && !provider.equals("csi")) || external.has("name"),
                where + "/name",
                "not defined");
        if (dvdi) {
            violations.require(external.in("options").node().path("dvdi/driver").isTextual(),
                    where + "/options(\"dvdi/driver\")", "not defined");
            violations.require(!docker || !external.has("size"), where + "/size",
                    "must be undefined");
        }
    }

    private void checkCheck() {
        if (!app.has("check")) {
            return;
        }
        Fields check = app.in("check");
        long kinds = List.of("http", "tcp", "exec").stream().filter(check::has).count();
        violations.require(kinds == 1, path + "/check",
                "Only one of http, tcp, or command may be specified");
        if (check.has("exec")) {
            Fields command = check.in("exec").in("command");
            violations.require(command.has("shell") != command.hasItems("argv"),
                    path + "/check/exec/command", "Only one of shell or argv may be specified");
        }
    }

    private void checkConstraints(JsonNode constraints, String where) {
        for (int i = 0; i < constraints.size(); i++) {
            Optional<String> error = constraintError(constraints.get(i));
            if (error.isPresent()) {
                violations.add(where + "(" + i + ")", error.get());
            }
        }
    }

    /** What is wrong with a constraint in the words of apps, an array of texts. */
    static Optional<String> constraintError(JsonNode constraint) {
        if (constraint.size() < 2 || constraint.size() > 3) {
            return Optional.of("Each constraint must have either 2 or 3 fields");
        }
        Optional<Constraint.Operator> operator = operator(constraint.path(1).textValue());
        if (operator.isEmpty()) {
            return Optional.of(
                    "operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER,"
                            + " UNLIKE or IS");
        }
        if (constraint.path(0).textValue().isEmpty()) {
            return Optional.of("illegal constraint specification");
        }
        boolean given = constraint.size() == 3;
        String value = constraint.path(2).asText();
        return switch (operator.get()) {
            case UNIQUE -> unless(!given, "UNIQUE does not accept a value");
            case CLUSTER -> Optional.empty();
            case GROUP_BY -> unless(!given || isInteger(value),
                    "GROUP BY must define an integer value or else no value at all");
            case MAX_PER -> unless(isInteger(value), "MAX_PER requires an integer value");
            case LIKE, UNLIKE -> value.isEmpty()
                    ? Optional.of("LIKE and UNLIKE require a non-empty, regular expression value")
                    : Expression.fault(value);
            case IS -> unless(given && isTextOrNumber(value),
                    "IS only supports Mesos text and float values (see"
                            + " http://mesos.apache.org/documentation/latest/attributes-resources/)");
        };
    }

    /** Operators of apps are read in any case. */
    static Optional<Constraint.Operator> operator(String word) {
        for (Constraint.Operator operator : Constraint.Operator.values()) {
            if (operator.json().equalsIgnoreCase(word)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unless(boolean rule, String error) {
        return rule ? Optional.empty() : Optional.of(error);
    }

    private static boolean isInteger(String text) {
        try {
            return Integer.parseInt(text) >= 0;
        } catch (NumberFormatException ignored) {
            return false;
        }
    }

    private static boolean isTextOrNumber(String value) {
        boolean range = value.startsWith("[") && value.endsWith("]");
        boolean set = value.startsWith("{") && value.endsWith("}");
        return !value.isEmpty() && !range && !set;
    }

    private static boolean isExpression(String text) {
        if (text.length() > EXPRESSION_CHARACTERS_MAX) {
            return false;
        }
        try {
            return Pattern.compile(text).flags() == 0;
        } catch (PatternSyntaxException ignored) {
            return false;
        }
    }

    private static String shown(JsonNode constraint) {
        String text = constraint.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    static String featureOff(String feature) {
        return "Feature " + feature + " is not enabled. Enable with --enable_features " + feature
                + ")";
    }
}
