package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Turns a canonical tree, checked or written by ourselves, into records, and fills in plain defaults. */
final class AppTree {

    private static final ObjectMapper PLAIN = JsonMapper.builder().build();

    private AppTree() {}

    static App app(JsonNode tree) {
        Fields app = new Fields(tree);
        return new App(new PathId(app.textOr("id", "/")), app.integerOr("instances", 1),
                launch(app),
                resources(app), networking(app), app.object("container").map(AppTree::container),
                new Checks(
                        app.objects("healthChecks", AppTree::healthCheck).stream().distinct()
                                .toList(),
                        app.object("check").map(AppTree::check),
                        app.objects("readinessChecks", AppTree::readinessCheck)),
                placement(app), rollout(app), app.textMap("labels"),
                app.texts("dependencies").stream().map(PathId::new).toList());
    }

    private static Launch launch(Fields app) {
        return new Launch(app.text("cmd"), app.texts("args"), app.text("user"),
                app.map("env", AppTree::envValue), app.objects("fetch", AppTree::fetch),
                app.map("secrets", s -> new Secret(s.path("source").textValue())),
                app.textOr("executor", ""), app.integer("taskKillGracePeriodSeconds"),
                app.bool("tty"));
    }

    static EnvValue envValue(JsonNode value) {
        return value.isObject()
                ? new EnvValue.SecretRef(value.path("secret").textValue())
                : new EnvValue.Text(value.textValue());
    }

    static Fetch fetch(Fields fetch) {
        return new Fetch(fetch.textOr("uri", ""), fetch.boolOr("extract", true),
                fetch.boolOr("executable", false), fetch.boolOr("cache", false),
                fetch.text("destPath"));
    }

    private static Resources resources(Fields app) {
        return new Resources(app.numberOr("cpus", 1), app.numberOr("mem", 128),
                app.numberOr("disk", 0), app.integerOr("gpus", 0),
                limits(app),
                app.object("executorResources")
                        .map(e -> new Resources.ExecutorResources(e.numberOr("cpus", 0.1),
                                e.numberOr("mem", 32), e.numberOr("disk", 10))));
    }

    static Optional<Resources.Limits> limits(Fields container) {
        return container.object("resourceLimits")
                .map(l -> new Resources.Limits(limit(l.node().path("cpus")),
                        limit(l.node().path("mem"))));
    }

    private static Optional<Resources.Limit> limit(JsonNode limit) {
        if (limit.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(limit.isTextual()
                ? new Resources.Limit.Unlimited()
                : new Resources.Limit.AtMost(limit.doubleValue()));
    }

    static List<Network> networks(Fields tree) {
        return tree.objects("networks",
                n -> new Network(n.literalOr("mode", Network.Mode.CONTAINER), n.text("name"),
                        n.textMap("labels")));
    }

    private static Networking networking(Fields app) {
        return new Networking(networks(app),
                app.objects("portDefinitions",
                        p -> new PortDefinition(p.integerOr("port", 0),
                                p.literalOr("protocol", PortProtocol.TCP), p.text("name"),
                                p.textMap("labels"))),
                app.boolOr("requirePorts", false));
    }

    private static Container container(Fields container) {
        return new Container(container.literalOr("type", Container.Type.DOCKER),
                container.object("docker").map(AppTree::docker),
                container.objects("portMappings", AppTree::portMapping),
                container.objects("volumes", AppTree::volume),
                container.object("linuxInfo").map(AppTree::linuxInfo));
    }

    private static DockerContainer docker(Fields docker) {
        return new DockerContainer(docker.textOr("image", ""),
                docker.boolOr("forcePullImage", false),
                docker.boolOr("privileged", false),
                docker.objects("parameters",
                        p -> new DockerContainer.Parameter(p.textOr("key", ""),
                                p.textOr("value", ""))),
                docker.in("pullConfig").text("secret"));
    }

    private static PortMapping portMapping(Fields mapping) {
        return new PortMapping(mapping.integerOr("containerPort", 0), mapping.integer("hostPort"),
                mapping.integerOr("servicePort", 0),
                mapping.literalOr("protocol", PortProtocol.TCP),
                mapping.text("name"), mapping.textMap("labels"), mapping.texts("networkNames"));
    }

    private static Volume volume(Fields volume) {
        String containerPath = volume.textOr("containerPath", "");
        Volume.Mode mode = volume.literalOr("mode", Volume.Mode.RW);
        if (volume.has("persistent")) {
            return persistent(containerPath, mode, volume.in("persistent"));
        }
        if (volume.has("external")) {
            Fields external = volume.in("external");
            return new Volume.External(containerPath, mode, external.textOr("provider", ""),
                    external.text("name"), external.integer("size"),
                    sorted(external.node().path("options")).toString(),
                    external.boolOr("shared", false));
        }
        if (volume.has("secret")) {
            return new Volume.SecretFile(containerPath, volume.textOr("secret", ""));
        }
        return new Volume.Host(containerPath, volume.textOr("hostPath", ""), mode);
    }

    static Volume.Persistent persistent(String containerPath, Volume.Mode mode, Fields disk) {
        OptionalLong maxSize = disk.has("maxSize")
                ? OptionalLong.of(disk.node().path("maxSize").longValue())
                : OptionalLong.empty();
        return new Volume.Persistent(containerPath, mode,
                disk.literalOr("type", Volume.DiskType.ROOT),
                disk.node().path("size").longValue(), maxSize, disk.text("profileName"),
                disk.list("constraints", AppTree::constraint));
    }

    /** The same object with its names in order, at every depth. */
    private static JsonNode sorted(JsonNode node) {
        if (node.isMissingNode()) {
            return PLAIN.createObjectNode();
        }
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(entry -> fields.put(entry.getKey(), sorted(entry.getValue())));
        ObjectNode object = PLAIN.createObjectNode();
        object.setAll(fields);
        return object;
    }

    static LinuxInfo linuxInfo(Fields info) {
        return new LinuxInfo(
                info.object("seccomp")
                        .map(s -> new LinuxInfo.Seccomp(s.text("profileName"),
                                s.boolOr("unconfined", false))),
                info.object("ipcInfo").map(i -> new LinuxInfo.Ipc(
                        i.literalOr("mode", LinuxInfo.IpcMode.PRIVATE), i.integer("shmSize"))));
    }

    private static Constraint constraint(JsonNode constraint) {
        return new Constraint(constraint.path(0).textValue(),
                CanonicalRules.operator(constraint.path(1).textValue()).orElseThrow(),
                constraint.size() > 2
                        ? Optional.of(constraint.path(2).textValue())
                        : Optional.empty());
    }

    private static HealthCheck healthCheck(Fields check) {
        HealthCheck.Protocol otherwise = check.has("command")
                ? HealthCheck.Protocol.COMMAND
                : HealthCheck.Protocol.HTTP;
        return new HealthCheck(check.literalOr("protocol", otherwise), check.text("path"),
                check.integer("port"), check.integer("portIndex"),
                check.in("command").text("value"),
                check.integerOr("gracePeriodSeconds", 300), check.integerOr("intervalSeconds", 60),
                check.integerOr("timeoutSeconds", 20), check.integerOr("maxConsecutiveFailures", 3),
                check.integerOr("delaySeconds", 15), check.boolOr("ignoreHttp1xx", false),
                check.literalOr("ipProtocol", HealthCheck.IpProtocol.IPV4));
    }

    private static Check check(Fields check) {
        return new Check(probe(check), check.integerOr("intervalSeconds", 60),
                check.integerOr("timeoutSeconds", 20), check.integerOr("delaySeconds", 15));
    }

    private static Check.Probe probe(Fields check) {
        if (check.has("http")) {
            Fields http = check.in("http");
            return new Check.Probe.Http(http.integer("portIndex"), http.integer("port"),
                    http.text("path"),
                    http.literalOr("scheme", Check.Scheme.HTTP));
        }
        if (check.has("tcp")) {
            Fields tcp = check.in("tcp");
            return new Check.Probe.Tcp(tcp.integer("portIndex"), tcp.integer("port"));
        }
        Fields command = check.in("exec").in("command");
        return command.has("shell")
                ? new Check.Probe.Shell(command.textOr("shell", ""))
                : new Check.Probe.Argv(command.texts("argv"));
    }

    private static ReadinessCheck readinessCheck(Fields check) {
        List<Integer> codes = check.list("httpStatusCodesForReady", JsonNode::intValue);
        return new ReadinessCheck(check.textOr("name", "readinessCheck"),
                check.literalOr("protocol", ReadinessCheck.Protocol.HTTP),
                check.textOr("path", "/"),
                check.textOr("portName", "http-api"), check.integerOr("intervalSeconds", 30),
                check.integerOr("timeoutSeconds", 10),
                check.has("httpStatusCodesForReady") ? codes : List.of(200),
                check.boolOr("preserveLastResponse", false));
    }

    private static Placement placement(Fields app) {
        return new Placement(app.list("constraints", AppTree::constraint), app.textOr("role", "*"),
                app.texts("acceptedResourceRoles"),
                app.object("residency")
                        .map(r -> new Placement.Residency(
                                r.integerOr("relaunchEscalationTimeoutSeconds", 3600),
                                r.literalOr("taskLostBehavior",
                                        Placement.TaskLostBehavior.WAIT_FOREVER))),
                app.object("placement").map(PlacementTermsTree::read)
                        .orElse(PlacementTerms.NONE));
    }

    private static Rollout rollout(Fields app) {
        return new Rollout(
                new Rollout.Backoff(app.integerOr("backoffSeconds", 1),
                        app.numberOr("backoffFactor", 1.15),
                        app.integerOr("maxLaunchDelaySeconds", 300)),
                upgrade(app.in("upgradeStrategy")), unreachable(app.in("unreachableStrategy")),
                app.literalOr("killSelection", Rollout.KillSelection.YOUNGEST_FIRST),
                app.object("rollout").map(RolloutTermsTree::read).orElse(RolloutTerms.NONE),
                app.literalOr("onPartition", Rollout.OnPartition.KEEP));
    }

    static Rollout.UpgradeStrategy upgrade(Fields upgrade) {
        return new Rollout.UpgradeStrategy(upgrade.numberOr("minimumHealthCapacity", 1),
                upgrade.numberOr("maximumOverCapacity", 1));
    }

    static Rollout.UnreachableStrategy unreachable(Fields unreachable) {
        return unreachable.node().isTextual()
                ? new Rollout.UnreachableStrategy.Disabled()
                : new Rollout.UnreachableStrategy.After(
                        unreachable.integerOr("inactiveAfterSeconds", 0),
                        unreachable.integerOr("expungeAfterSeconds", 0));
    }
}
