package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.List;

/**
 * What an app is meant to be.
 *
 * @param definition what the core does not need to understand: the app's canonical description, less
 *     its instance count; two specs with the same definition run the same thing
 * @param instances how many are wanted
 * @param killGraceMs between SIGTERM and SIGKILL
 * @param healthChecked whether an instance is healthy only once a check has said so
 * @param servicePorts the wanted service ports; 0 = the cluster chooses one and keeps it
 * @param kind what clients know it as
 * @param delivery how a new configuration takes the place of an older one
 */
public record AppSpec(AppId id, String definition, int instances, Shape shape, Backoff backoff,
        Upgrade upgrade, KillSelection killSelection, Unreachable unreachable, long killGraceMs,
        boolean healthChecked, List<Integer> servicePorts, RunKind kind, Delivery delivery) {

    /** Ten times the largest app that we have been told of; bounds one placement round. */
    public static final int INSTANCES_MAX = 1_000_000;

    public AppSpec {
        servicePorts = List.copyOf(servicePorts);
        Check.argument(instances >= 0 && instances <= INSTANCES_MAX,
                "instances of " + id + " must be between 0 and 1000000");
        Check.argument(killGraceMs >= 0, "taskKillGracePeriodSeconds must not be negative");
    }

    /** An app of Marathon's kind, nothing said of its delivery. */
    public AppSpec(AppId id, String definition, int instances, Shape shape, Backoff backoff,
            Upgrade upgrade, KillSelection killSelection, Unreachable unreachable,
            long killGraceMs,
            boolean healthChecked, List<Integer> servicePorts) {
        this(id, definition, instances, shape, backoff, upgrade, killSelection, unreachable,
                killGraceMs, healthChecked, servicePorts, RunKind.APP, Delivery.PLAIN);
    }

    /** The same app with another count. */
    public AppSpec withInstances(int count) {
        return new AppSpec(id, definition, count, shape, backoff, upgrade, killSelection,
                unreachable, killGraceMs, healthChecked, servicePorts, kind, delivery);
    }

    /** The same app with instances of another shape. */
    public AppSpec withShape(Shape other) {
        return new AppSpec(id, definition, instances, other, backoff, upgrade, killSelection,
                unreachable, killGraceMs, healthChecked, servicePorts, kind, delivery);
    }

    /** The same app with its service ports resolved. */
    public AppSpec withServicePorts(List<Integer> ports) {
        return new AppSpec(id, definition, instances, shape, backoff, upgrade, killSelection,
                unreachable, killGraceMs, healthChecked, ports, kind, delivery);
    }

    /** The same app with other bounds of a rolling change. */
    public AppSpec withUpgrade(Upgrade other) {
        return new AppSpec(id, definition, instances, shape, backoff, other, killSelection,
                unreachable, killGraceMs, healthChecked, servicePorts, kind, delivery);
    }

    /** The same app, as clients know it and as it is delivered. */
    public AppSpec with(RunKind other, Delivery manner) {
        return new AppSpec(id, definition, instances, shape, backoff, upgrade, killSelection,
                unreachable, killGraceMs, healthChecked, servicePorts, other, manner);
    }
}
