package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many instances of a service there are, what each may use, and how they are replaced. */
final class DeployMapping {
    private static final long INSTANCES_MAX = 100_000;
    private static final long SECONDS_MAX = 86_400;
    private static final long MONITOR_SECONDS = 5;

    /** What is reserved where a file says nothing, as most do: little, and without a limit. */
    private static final double CPUS_DEFAULT = 0.1;
    private static final long MEM_DEFAULT_MIB = 128;

    private static final Pattern CONSTRAINT = Pattern
            .compile("([a-zA-Z0-9_.-]+)\\s*(==|!=)\\s*(.+)");

    private final Node service;
    private final Node deploy;
    private final JsonObject app;
    private final long instances;

    private DeployMapping(Node service, JsonObject app) {
        this.service = service;
        this.deploy = service.get("deploy");
        this.app = app;
        this.instances = deploy.get("replicas").whole(0, INSTANCES_MAX)
                .or(() -> service.get("scale").whole(0, INSTANCES_MAX)).orElse(1L);
    }

    /** Puts all of it into the app. */
    static void put(Node service, JsonObject app) {
        DeployMapping all = new DeployMapping(service, app);
        Keys.check(all.deploy, List.of("mode", "replicas", "resources", "update_config",
                "rollback_config", "restart_policy", "placement", "labels", "endpoint_mode"));
        app.with("instances", all.instances);
        all.mode();
        all.resources();
        all.updates();
        all.restart();
        all.placement();
    }

    private void mode() {
        Node mode = deploy.get("mode");
        if (mode.present() && !mode.text().equals("replicated")) {
            mode.error("'" + mode.text() + "' is not supported: say replicas, and"
                    + " placement.max_replicas_per_node: 1 for one an agent");
        }
        if (deploy.get("endpoint_mode").present()) {
            deploy.get("endpoint_mode").warn("load balancers are not part of a definition here");
        }
        if (deploy.get("rollback_config").present()) {
            deploy.get("rollback_config").warn("a rollback keeps to the rules of the update");
        }
    }

    private void resources() {
        Node limits = deploy.get("resources").get("limits");
        Node reserved = deploy.get("resources").get("reservations");
        Keys.check(limits, List.of("cpus", "memory", "pids"));
        Keys.check(reserved, List.of("cpus", "memory", "devices", "generic_resources"));
        for (String key : List.of("devices", "generic_resources")) {
            if (reserved.get(key).present()) {
                reserved.get(key).error("is not supported: GPUs go to apps without a Docker image");
            }
        }
        Optional<Double> cpusMax = limits.get("cpus").number()
                .or(() -> service.get("cpus").number());
        Optional<Double> cpus = reserved.get("cpus").number().or(() -> cpusMax);
        Optional<Long> memMax = Units.mebibytes(limits.get("memory"))
                .or(() -> Units.mebibytes(service.get("mem_limit")));
        Optional<Long> mem = Units.mebibytes(reserved.get("memory"))
                .or(() -> Units.mebibytes(service.get("mem_reservation"))).or(() -> memMax);
        if (cpusMax.isPresent() && cpus.isPresent() && cpus.get() > cpusMax.get()) {
            reserved.get("cpus").error("is more than the limit");
        }
        if (memMax.isPresent() && mem.isPresent() && mem.get() > memMax.get()) {
            reserved.get("memory").error("is more than the limit");
        }
        if (cpus.isEmpty() || mem.isEmpty()) {
            deploy.get("resources").warn("does not say all that an instance needs; "
                    + (cpus.isEmpty() ? CPUS_DEFAULT + " cpus" : "")
                    + (cpus.isEmpty() && mem.isEmpty() ? " and " : "")
                    + (mem.isEmpty() ? MEM_DEFAULT_MIB + " MiB" : "")
                    + " are reserved, without a limit");
        }
        app.with("cpus", Json.number(Double.toString(cpus.orElse(CPUS_DEFAULT))))
                .with("mem", mem.orElse(MEM_DEFAULT_MIB));
        JsonObject limit = new JsonObject();
        cpusMax.ifPresent(max -> limit.with("cpus", Json.number(Double.toString(max))));
        if (memMax.isEmpty()) {
            limit.with("mem", "unlimited");
        } else if (!memMax.equals(mem)) {
            limit.with("mem", memMax.get());
        }
        if (!limit.isEmpty()) {
            app.with("resourceLimits", limit.build());
        }
    }

    private void updates() {
        Node update = deploy.get("update_config");
        if (!update.present()) {
            return;
        }
        Keys.check(update, List.of("parallelism", "delay", "failure_action", "monitor",
                "max_failure_ratio", "order"));
        long parallel = update.get("parallelism").whole(0, INSTANCES_MAX).orElse(1L);
        // 0 is all at once.
        long step = parallel == 0 ? Math.max(1, instances) : Math.min(parallel, instances);
        String order = update.get("order").text();
        if (!order.isEmpty() && !order.equals("stop-first") && !order.equals("start-first")) {
            update.get("order").error("must be stop-first or start-first");
        }
        boolean startFirst = order.equals("start-first");
        app.with("upgradeStrategy", new JsonObject()
                .with("minimumHealthCapacity", startFirst
                        ? Json.of(1)
                        : part(instances - step, RoundingMode.DOWN))
                .with("maximumOverCapacity", startFirst
                        ? part(step, RoundingMode.UP)
                        : Json.of(0))
                .build());
        if (update.get("delay").present() && Units.seconds(update.get("delay")).orElse(0L) > 0) {
            update.get("delay").warn("there is no pause between steps: the next instances follow as"
                    + " soon as these are healthy");
        }
        failures(update);
    }

    /** A part of the instances to four digits, so rounded that the number of instances comes out again. */
    private Json part(long count, RoundingMode rounding) {
        if (instances == 0) {
            return Json.of(1);
        }
        return Json.number(BigDecimal.valueOf(count)
                .divide(BigDecimal.valueOf(instances), 4, rounding).min(BigDecimal.ONE)
                .stripTrailingZeros().toPlainString());
    }

    private void failures(Node update) {
        String action = update.get("failure_action").text();
        double ratio = Math.min(1, update.get("max_failure_ratio").number().orElse(0.0));
        long window = Math.clamp(Units.seconds(update.get("monitor")).orElse(MONITOR_SECONDS), 1,
                SECONDS_MAX);
        switch (action) {
            case "rollback" -> app.with("rollout", new JsonObject().with("rollback",
                    new JsonObject().with("failures", (long) Math.floor(ratio * instances) + 1)
                            .with("windowSeconds", window).build())
                    .build());
            case "pause" -> update.get("failure_action").warn("an update whose instances do not"
                    + " become healthy waits, and says why; it is not paused");
            case "", "continue" -> {
                // As it is here: failed instances are replaced, and the update goes on.
            }
            default -> update.get("failure_action").error("must be continue, pause or rollback");
        }
    }

    private void restart() {
        Node restart = service.get("restart");
        if (restart.present()) {
            condition(restart, restart.text().replaceFirst(":[0-9]+$", ""));
        }
        Node policy = deploy.get("restart_policy");
        Keys.check(policy, List.of("condition", "delay", "max_attempts", "window"));
        if (policy.get("condition").present()) {
            condition(policy.get("condition"), policy.get("condition").text());
        }
        for (String key : List.of("max_attempts", "window")) {
            if (policy.get(key).present()) {
                policy.get(key).warn("instances are started again for as long as they are wanted,"
                        + " after growing pauses");
            }
        }
        Units.seconds(policy.get("delay"))
                .ifPresent(seconds -> app.with("backoffSeconds", seconds));
    }

    private static void condition(Node node, String condition) {
        switch (condition) {
            case "any", "always", "unless-stopped" -> {
                // As it is here.
            }
            case "on-failure" -> node.warn("an instance that ends is started again, also after a"
                    + " success");
            case "no", "none", "false" -> node.error("an instance that ends is always started again"
                    + " here, so a job would run over and over; leave this service out, or let it"
                    + " run for ever");
            default -> node.error("'" + condition + "' is not known");
        }
    }

    private void placement() {
        Node placement = deploy.get("placement");
        Keys.check(placement, List.of("constraints", "preferences", "max_replicas_per_node"));
        List<Json> constraints = new ArrayList<>();
        for (Node rule : placement.get("constraints").items()) {
            constraint(rule).ifPresent(constraints::add);
        }
        placement.get("max_replicas_per_node").whole(0, INSTANCES_MAX).filter(max -> max > 0)
                .ifPresent(max -> constraints.add(texts("hostname", "MAX_PER", max.toString())));
        for (Node preference : placement.get("preferences").items()) {
            Matcher label = Pattern.compile("node\\.labels\\.(.+)")
                    .matcher(preference.get("spread").text());
            if (label.matches()) {
                preference.warn("is left out: to spread firmly, add the constraint GROUP_BY "
                        + label.group(1) + " to the app");
            } else {
                preference.error("must be spread: node.labels.NAME");
            }
        }
        if (!constraints.isEmpty()) {
            app.with("constraints", Json.array(constraints));
        }
    }

    private static Optional<Json> constraint(Node rule) {
        Matcher matcher = CONSTRAINT.matcher(rule.text().strip());
        if (!matcher.matches()) {
            rule.error("must be written like node.labels.disk == ssd");
            return Optional.empty();
        }
        String what = matcher.group(1);
        String value = matcher.group(3).strip();
        boolean is = matcher.group(2).equals("==");
        if (what.equals("node.role") && value.equals(is ? "worker" : "manager")) {
            // Every agent is a worker.
            return Optional.empty();
        }
        String field = what.equals("node.hostname")
                ? "hostname"
                : what.startsWith("node.labels.") ? what.substring("node.labels.".length()) : "";
        if (field.isEmpty()) {
            rule.error("'" + what + "' means nothing here: use node.hostname, or node.labels.NAME"
                    + " for an attribute of agents");
            return Optional.empty();
        }
        return Optional.of(is
                ? texts(field, "IS", value)
                : texts(field, "UNLIKE", value.replaceAll("([^A-Za-z0-9_])", "\\\\$1")));
    }

    private static Json texts(String... texts) {
        List<Json> list = new ArrayList<>();
        for (String text : texts) {
            list.add(Json.of(text));
        }
        return Json.array(list);
    }
}
