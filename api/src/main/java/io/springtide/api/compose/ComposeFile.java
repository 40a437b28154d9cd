package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.YamlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Docker Compose file and the group it stands for. Everything that is wrong is told at once. What the
 * group cannot say is a warning where it makes no difference to what runs, and an error where it does.
 */
public final class ComposeFile {
    private static final List<String> KEYS = List.of("name", "version", "services", "networks",
            "volumes", "secrets", "configs", "include");

    private final Surroundings surroundings;
    private final String project;
    private final Map<String, Node> services = new LinkedHashMap<>();

    private ComposeFile(Surroundings surroundings, String project) {
        this.surroundings = surroundings;
        this.project = project;
    }

    /**
     * Converts a file.
     *
     * @param yaml its text, at most {@link YamlText#CHARS_MAX} characters
     * @param project name for the group where the caller gives one; otherwise it is the file's own
     *     {@code name}
     * @param otherwise name for the group if the file has none
     * @throws YamlText.MalformedYaml if it is not YAML
     * @throws ComposeException if it cannot be run as it is
     */
    public static Conversion convert(String yaml, Surroundings surroundings,
            Optional<String> project, String otherwise) {
        Findings findings = new Findings();
        Json tree = new Interpolation(surroundings, findings).tree(YamlText.parse(yaml), "");
        Node root = new Node(tree, "", findings);
        if (!root.isObject() || !root.get("services").present()) {
            findings.error("services", "is missing; without it this is no Compose file");
            throw new ComposeException(findings.errors(), findings.warnings());
        }
        Keys.check(root, KEYS);
        if (root.get("include").present()) {
            root.get("include").error("is not followed: put everything into one file");
        }
        String name = segment(project.or(() -> Optional.of(root.get("name").text())
                .filter(text -> !text.isEmpty())).orElse(otherwise));
        if (name.isEmpty()) {
            findings.error("name", "the project needs a name of letters and digits");
        }
        ComposeFile file = new ComposeFile(surroundings, name);
        Json group = file.group(root);
        if (!findings.errors().isEmpty()) {
            throw new ComposeException(findings.errors(), findings.warnings());
        }
        return new Conversion(name, group, findings.warnings());
    }

    /** A name as a part of an app's id, which knows small letters, digits, dots and dashes. */
    static String segment(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("^[-.]+|[-.]+$", "").replaceAll("\\.[-.]+|-+\\.", ".");
    }

    private Json group(Node root) {
        Map<String, String> ids = new HashMap<>();
        root.get("services").fields().forEach((name, service) -> {
            if (!service.isObject()) {
                service.error("must be a mapping");
            } else if (service.get("profiles").present()
                    && !service.get("profiles").itemOrItems().isEmpty()) {
                service.get("profiles")
                        .warn("the service is left out, as it is by docker compose up"
                                + " without that profile");
            } else {
                services.put(name, service);
            }
            String other = ids.put(segment(name), name);
            if (other != null) {
                service.error("is the same app as " + other + ": ids know no capitals and no"
                        + " underscores");
            }
        });
        if (services.isEmpty()) {
            root.get("services").error("names no service that runs");
        }
        List<Json> apps = new ArrayList<>();
        services.forEach(
                (name, service) -> apps.add(new ServiceMapping(this, name, service).app()));
        checkCircles(root, apps);
        return new JsonObject().with("id", "/" + project).with("apps", Json.array(apps)).build();
    }

    /** By taking away what needs nothing any more until nothing goes. */
    private static void checkCircles(Node root, List<Json> apps) {
        Map<String, List<String>> needs = new LinkedHashMap<>();
        apps.forEach(app -> needs.put(app.get("id").text(),
                app.get("dependencies").items().stream().map(Json::text).toList()));
        boolean more = true;
        while (more) {
            more = needs.values()
                    .removeIf(list -> list.stream().noneMatch(needs::containsKey));
        }
        if (!needs.isEmpty()) {
            root.get("services").error("depend on each other in a circle: "
                    + String.join(", ", needs.keySet()));
        }
    }

    String appId(String service) {
        return "/" + project + "/" + segment(service);
    }

    boolean runs(String service) {
        return services.containsKey(service);
    }

    Set<String> names() {
        return services.keySet();
    }

    Surroundings surroundings() {
        return surroundings;
    }
}
