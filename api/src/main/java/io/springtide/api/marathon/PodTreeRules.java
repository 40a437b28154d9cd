package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;
import java.util.stream.Stream;

/** What must hold before the tree of a pod can become a {@link Pod}. */
final class PodTreeRules {

    private final Fields pod;
    private final Violations violations;

    PodTreeRules(JsonNode pod, Violations violations) {
        this.pod = new Fields(pod);
        this.violations = violations;
    }

    void check() {
        JsonNode containers = pod.node().path("containers");
        for (int i = 0; i < containers.size(); i++) {
            checkContainer(new Fields(containers.get(i)), "/containers(" + i + ")");
        }
        JsonNode volumes = pod.node().path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            if (volumes.get(i).has("persistent")) {
                CanonicalRules.checkDisk(new Fields(volumes.get(i).path("persistent")),
                        "/volumes(" + i + ")/persistent", violations);
            }
        }
        JsonNode constraints = pod.in("scheduling").in("placement").node().path("constraints");
        for (int i = 0; i < constraints.size(); i++) {
            Optional<String> error = CanonicalRules.constraintError(asOfApps(constraints.get(i)));
            if (error.isPresent()) {
                violations.add("/scheduling/placement/constraints(" + i + ")", error.get());
            }
        }
    }

    private static ArrayNode asOfApps(JsonNode constraint) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode().add(constraint.path("fieldName"))
                .add(constraint.path("operator"));
        if (constraint.has("value")) {
            array.add(constraint.path("value"));
        }
        return array;
    }

    private void checkContainer(Fields container, String where) {
        if (container.has("exec")) {
            checkCommand(container.in("exec").in("command"), where + "/exec/command");
        }
        CanonicalRules.checkLimitWords(container.in("resourceLimits"), where + "/resourceLimits",
                violations);
        for (String kind : new String[]{"healthCheck", "check"}) {
            if (container.has(kind)) {
                checkProbe(container.in(kind), where + "/" + kind);
            }
        }
    }

    private void checkProbe(Fields check, String where) {
        long kinds = Stream.of("http", "tcp", "exec").filter(check::has).count();
        violations.require(kinds == 1, where,
                "Only one of http, tcp, or command may be specified");
        if (check.has("exec")) {
            checkCommand(check.in("exec").in("command"), where + "/exec/command");
        }
    }

    private void checkCommand(Fields command, String where) {
        violations.require(command.has("shell") != command.hasItems("argv"), where,
                "Only one of shell or argv may be specified");
    }
}
