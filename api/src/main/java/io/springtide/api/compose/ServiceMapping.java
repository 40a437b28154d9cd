package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One service as an app. */
final class ServiceMapping {
    private static final List<String> MAPPED = List.of("image", "build", "command", "entrypoint",
            "environment", "env_file", "ports", "expose", "deploy", "scale", "depends_on",
            "healthcheck", "labels", "volumes", "tmpfs", "user", "stop_grace_period", "restart",
            "networks", "network_mode", "privileged", "pull_policy", "cpus", "mem_limit",
            "mem_reservation", "tty", "profiles");

    /** Left out, and what runs is the same. */
    private static final Map<String, String> WARNINGS = Map.ofEntries(
            Map.entry("container_name", "instances get names of their own"),
            Map.entry("stdin_open", "nobody can type into an instance"),
            Map.entry("attach", "see the output with: tide logs"),
            Map.entry("logging", "agents keep the output themselves; see it with: tide logs"),
            Map.entry("links", "services do not know each other's names here; give addresses in"
                    + " environment"),
            Map.entry("annotations", "are not kept; use labels"),
            Map.entry("platform", "agents take the image's own; use deploy.placement.constraints"),
            Map.entry("cpu_shares", "shares come from the cpus that are reserved"),
            Map.entry("cpu_quota", "say deploy.resources.limits.cpus"),
            Map.entry("cpu_period", "say deploy.resources.limits.cpus"),
            Map.entry("cpu_count", "say deploy.resources.limits.cpus"),
            Map.entry("cpu_percent", "say deploy.resources.limits.cpus"),
            Map.entry("memswap_limit", "instances get no swap beyond their memory"),
            Map.entry("mem_swappiness", "is the agent's"),
            Map.entry("oom_kill_disable", "an instance beyond its memory is ended"),
            Map.entry("blkio_config", "is the agent's"),
            Map.entry("storage_opt", "is the agent's"),
            Map.entry("develop", "is for work on this machine"),
            Map.entry("pull_refresh_after", "say pull_policy: always"));

    /** Left out, something else would run. */
    private static final Map<String, String> ERRORS = Map.ofEntries(
            Map.entry("extends", "is not followed: write the service out"),
            Map.entry("secrets",
                    "are not supported yet: put them on the agents and bind their path,"
                            + " or into environment"),
            Map.entry("configs",
                    "are not supported: bind a path of the agents, or bake them into the"
                            + " image"),
            Map.entry("volumes_from", "is not supported: services run on different agents"),
            Map.entry("external_links", "are not supported"),
            Map.entry("gpus", "is not supported: GPUs go to apps without a Docker image"),
            Map.entry("device_cgroup_rules", "are not supported; say devices"),
            Map.entry("credential_spec", "is not supported"),
            Map.entry("cgroup_parent", "is the agent's"), Map.entry("cgroup", "is the agent's"),
            Map.entry("isolation", "is not supported"),
            Map.entry("label_file", "is not read: write labels"),
            Map.entry("post_start", "is not supported"), Map.entry("pre_stop", "is not supported"),
            Map.entry("provider", "is not supported"), Map.entry("models", "are not supported"),
            Map.entry("use_api_socket", "is not supported"));

    private final ComposeFile file;
    private final String name;
    private final Node service;
    private final JsonObject app = new JsonObject();

    ServiceMapping(ComposeFile file, String name, Node service) {
        this.file = file;
        this.name = name;
        this.service = service;
    }

    Json app() {
        keys();
        app.with("id", file.appId(name));
        DeployMapping.put(service, app);
        container();
        put("env", EnvironmentMapping.of(service, file.surroundings(), others()));
        labels();
        if (service.get("user").present()) {
            app.with("user", service.get("user").text());
        }
        if (service.get("tty").flag()) {
            app.with("tty", true);
        }
        HealthCheckMapping.of(service.get("healthcheck")).ifPresent(
                check -> app.with("healthChecks", Json.array(List.of(check))));
        Units.seconds(service.get("stop_grace_period"))
                .ifPresent(seconds -> app.with("taskKillGracePeriodSeconds", seconds));
        dependencies();
        return app.build();
    }

    private void keys() {
        service.fields().forEach((key, value) -> {
            String warning = WARNINGS.get(key);
            String error = ERRORS.get(key);
            if (warning != null) {
                value.warn(warning);
            } else if (error != null) {
                value.error(error);
            } else if (!MAPPED.contains(key) && !Parameters.KEYS.contains(key)
                    && !key.startsWith("x-")) {
                value.error("there is no such key in a Compose file");
            }
        });
    }

    private void container() {
        String image = service.get("image").text();
        Node build = service.get("build");
        if (build.present() && image.isEmpty()) {
            build.error("images are not built here; build and push it, then name it in image");
        } else if (build.present()) {
            build.warn("images are not built here; build and push " + image);
        } else if (image.isEmpty()) {
            service.error("needs an image");
        }
        Parameters parameters = Parameters.of(service);
        command(parameters);
        boolean host = network();
        JsonObject docker = new JsonObject().with("image", image);
        String pull = service.get("pull_policy").text();
        if (pull.equals("always")) {
            docker.with("forcePullImage", true);
        } else if (!pull.isEmpty() && !pull.equals("missing") && !pull.equals("if_not_present")) {
            service.get("pull_policy")
                    .warn("'" + pull + "' is not supported: an agent pulls what it"
                            + " has not");
        }
        if (service.get("privileged").flag()) {
            docker.with("privileged", true);
        }
        List<Json> volumes = VolumeMapping.of(service, parameters);
        if (!parameters.list().isEmpty()) {
            docker.with("parameters", Json.array(parameters.list()));
        }
        JsonObject container = new JsonObject().with("type", "DOCKER").with("docker",
                docker.build());
        if (!volumes.isEmpty()) {
            container.with("volumes", Json.array(volumes));
        }
        if (!host) {
            container.with("portMappings", Json.array(PortMapping.of(service.get("ports"))));
        }
        app.with("container", container.build());
        app.with("networks", Json.array(List.of(new JsonObject()
                .with("mode", host ? "host" : "container/bridge").build())));
        if (host) {
            app.with("portDefinitions", Json.array(List.of()));
        }
    }

    /** True for the agent's own network. */
    private boolean network() {
        Node mode = service.get("network_mode");
        String text = mode.text();
        Set<String> named = new LinkedHashSet<>();
        Node networks = service.get("networks");
        if (networks.isObject()) {
            named.addAll(networks.fields().keySet());
        } else {
            networks.items().forEach(network -> named.add(network.text()));
        }
        named.remove("default");
        if (!named.isEmpty()) {
            networks.warn("all instances are on their agent's bridge; " + String.join(", ", named)
                    + " neither joins nor parts them");
        }
        if (text.equals("host")) {
            if (service.get("ports").present()) {
                service.get("ports").warn("mean nothing with network_mode: host");
            }
            return true;
        }
        if (!text.isEmpty() && !text.equals("bridge") && !text.equals("default")) {
            mode.error("'" + text + "' is not supported: bridge or host");
        }
        return false;
    }

    /** Docker's own rules: an entrypoint takes the place of the image's, and of the image's command. */
    private void command(Parameters parameters) {
        List<String> entrypoint = words(service.get("entrypoint"));
        List<String> args = new ArrayList<>();
        if (!entrypoint.isEmpty()) {
            parameters.add("entrypoint", entrypoint.get(0));
            args.addAll(entrypoint.subList(1, entrypoint.size()));
        }
        args.addAll(words(service.get("command")));
        if (!args.isEmpty()) {
            app.with("args", Json.array(args.stream().map(Json::of).toList()));
        }
    }

    private static List<String> words(Node command) {
        if (!command.present()) {
            return List.of();
        }
        List<String> words = command.isList()
                ? command.items().stream().map(Node::text).toList()
                : ShellWords.split(command);
        if (words.isEmpty()) {
            command.error("is empty; that of the image cannot be taken away, only replaced");
        }
        return words;
    }

    private void labels() {
        JsonObject labels = new JsonObject();
        service.get("labels").pairs().forEach((key, value) -> labels.with(key, value.orElse("")));
        service.get("deploy").get("labels").pairs()
                .forEach((key, value) -> labels.with(key, value.orElse("")));
        put("labels", labels.build());
    }

    private void dependencies() {
        Node needs = service.get("depends_on");
        List<Json> ids = new ArrayList<>();
        if (needs.isObject()) {
            needs.fields().forEach((other, how) -> {
                Keys.check(how, List.of("condition", "restart", "required"));
                String condition = how.get("condition").text();
                if (condition.equals("service_completed_successfully")) {
                    how.get("condition").error("waits for the end of a job, and apps do not end:"
                            + " do what it does before, or at the start of this service");
                } else if (!condition.isEmpty() && !condition.equals("service_started")
                        && !condition.equals("service_healthy")) {
                    how.get("condition").error("'" + condition + "' is not known");
                }
                if (how.get("restart").flag()) {
                    how.get("restart").warn("a change of " + other
                            + " does not restart this service");
                }
                boolean optional = how.get("required").present() && !how.get("required").flag();
                need(ids, other, how, optional);
            });
        } else {
            needs.items().forEach(other -> need(ids, other.text(), other, false));
        }
        if (!ids.isEmpty()) {
            app.with("dependencies", Json.array(ids));
        }
    }

    private void need(List<Json> ids, String other, Node at, boolean optional) {
        if (file.runs(other)) {
            ids.add(Json.of(file.appId(other)));
        } else if (optional) {
            at.warn("there is no service " + other + " that runs");
        } else {
            at.error("there is no service " + other + " that runs");
        }
    }

    private Set<String> others() {
        Set<String> others = new LinkedHashSet<>(file.names());
        others.remove(name);
        return others;
    }

    private void put(String key, Json map) {
        if (!map.fields().isEmpty()) {
            app.with(key, map);
        }
    }
}
