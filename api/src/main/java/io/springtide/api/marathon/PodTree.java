package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns the canonical tree of a pod, checked or written by ourselves, into records, and fills in plain defaults. */
final class PodTree {

    private PodTree() {}

    static Pod pod(JsonNode tree) {
        Fields pod = new Fields(tree);
        Fields executor = pod.in("executorResources");
        // The id of a document that was checked resolves to itself.
        PathId id = PathId.resolve(pod.textOr("id", "/"), PathId.ROOT).orElse(PathId.ROOT);
        return new Pod(id, pod.in("scaling").integerOr("instances", 1), pod.textMap("labels"),
                pod.text("user"), pod.map("environment", AppTree::envValue),
                pod.objects("containers", PodTree::container),
                pod.map("secrets", s -> new Secret(s.path("source").textValue())),
                pod.objects("volumes", PodTree::volume), AppTree.networks(pod),
                placement(pod), rollout(pod.in("scheduling")).withOnPartition(
                        pod.literalOr("onPartition", Rollout.OnPartition.KEEP)),
                new Resources.ExecutorResources(executor.numberOr("cpus", 0.1),
                        executor.numberOr("mem", 32), executor.numberOr("disk", 10)),
                pod.object("linuxInfo").map(AppTree::linuxInfo),
                pod.bool("legacySharedCgroups"));
    }

    private static PodContainer container(Fields container) {
        Fields resources = container.in("resources");
        Fields lifecycle = container.in("lifecycle");
        return new PodContainer(container.textOr("name", ""),
                container.object("exec")
                        .map(exec -> new PodContainer.Exec(command(exec.in("command")),
                                exec.bool("overrideEntrypoint"))),
                new Resources(resources.numberOr("cpus", 1), resources.numberOr("mem", 128),
                        resources.numberOr("disk", 0), resources.integerOr("gpus", 0),
                        AppTree.limits(container), Optional.empty()),
                container.objects("endpoints", PodTree::endpoint),
                container.object("image").map(PodTree::image),
                container.map("environment", AppTree::envValue), container.text("user"),
                container.object("healthCheck").map(PodTree::healthCheck),
                container.object("check")
                        .map(check -> new PodCheck(probe(check),
                                check.integerOr("intervalSeconds", 60),
                                check.integerOr("timeoutSeconds", 20),
                                check.integerOr("delaySeconds", 15))),
                container.objects("volumeMounts",
                        mount -> new PodContainer.Mount(mount.textOr("name", ""),
                                mount.textOr("mountPath", ""), mount.boolOr("readOnly", false))),
                container.objects("artifacts", AppTree::fetch), container.textMap("labels"),
                lifecycle.has("killGracePeriodSeconds")
                        ? OptionalDouble.of(lifecycle.numberOr("killGracePeriodSeconds", 0))
                        : OptionalDouble.empty(),
                container.bool("tty"), container.object("linuxInfo").map(AppTree::linuxInfo));
    }

    private static PodContainer.Command command(Fields command) {
        return command.has("shell")
                ? new PodContainer.Command.Shell(command.textOr("shell", ""))
                : new PodContainer.Command.Argv(command.texts("argv"));
    }

    private static PodContainer.Endpoint endpoint(Fields endpoint) {
        return new PodContainer.Endpoint(endpoint.textOr("name", ""),
                endpoint.integer("containerPort"), endpoint.integer("hostPort"),
                endpoint.texts("protocol"), endpoint.textMap("labels"),
                endpoint.texts("networkNames"));
    }

    private static PodContainer.Image image(Fields image) {
        return new PodContainer.Image(image.textOr("id", ""), image.boolOr("forcePull", false),
                image.in("pullConfig").text("secret"), image.textMap("labels"));
    }

    private static PodHealthCheck healthCheck(Fields check) {
        return new PodHealthCheck(probe(check), check.integerOr("gracePeriodSeconds", 300),
                check.integerOr("intervalSeconds", 60),
                check.integerOr("maxConsecutiveFailures", 3),
                check.integerOr("timeoutSeconds", 20), check.integerOr("delaySeconds", 15));
    }

    private static PodProbe probe(Fields check) {
        if (check.has("http")) {
            Fields http = check.in("http");
            return new PodProbe.Http(http.textOr("endpoint", ""), http.text("path"),
                    http.literalOr("scheme", Check.Scheme.HTTP));
        }
        return check.has("tcp")
                ? new PodProbe.Tcp(check.in("tcp").textOr("endpoint", ""))
                : new PodProbe.Exec(command(check.in("exec").in("command")));
    }

    private static PodVolume volume(Fields volume) {
        String name = volume.textOr("name", "");
        if (volume.has("persistent")) {
            return new PodVolume.Persistent(name,
                    AppTree.persistent(name, Volume.Mode.RW, volume.in("persistent")));
        }
        if (volume.has("secret")) {
            return new PodVolume.SecretFile(name, volume.textOr("secret", ""));
        }
        return volume.has("host")
                ? new PodVolume.Host(name, volume.textOr("host", ""))
                : new PodVolume.Ephemeral(name);
    }

    private static Placement placement(Fields pod) {
        Fields placement = pod.in("scheduling").in("placement");
        return new Placement(
                placement.objects("constraints",
                        constraint -> new Constraint(constraint.textOr("fieldName", ""),
                                constraint.literalOr("operator", Constraint.Operator.UNIQUE),
                                constraint.text("value"))),
                pod.textOr("role", "*"), placement.texts("acceptedResourceRoles"),
                Optional.empty(), PlacementTerms.NONE);
    }

    private static Rollout rollout(Fields scheduling) {
        Fields backoff = scheduling.in("backoff");
        return new Rollout(
                new Rollout.Backoff(backoff.integerOr("backoff", 1),
                        backoff.numberOr("backoffFactor", 1.15),
                        backoff.integerOr("maxLaunchDelay", 300)),
                AppTree.upgrade(scheduling.in("upgrade")),
                AppTree.unreachable(scheduling.in("unreachableStrategy")),
                scheduling.literalOr("killSelection", Rollout.KillSelection.YOUNGEST_FIRST),
                RolloutTerms.NONE);
    }
}
