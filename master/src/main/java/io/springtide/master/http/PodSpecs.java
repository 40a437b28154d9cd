package io.springtide.master.http;

import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodContainer;
import io.springtide.api.marathon.PodWriter;
import io.springtide.api.marathon.Rollout;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Upgrade;
import java.util.List;

/** From what a client writes of a pod to what the core decides on: all of its containers together. */
final class PodSpecs {

    /** What an agent runs of one pod at most. */
    private static final int CONTAINERS_MAX = 64;

    private static final double MILLI = 1_000;
    private static final double PPM = 1_000_000;

    private PodSpecs() {}

    /**
     * The spec of a pod.
     *
     * @throws io.springtide.api.marathon.RequestRefused 422 if agents or the core cannot do what is asked
     */
    static AppSpec spec(Pod pod) {
        check(pod);
        try {
            Shape shape = new Shape(resources(pod.total()), pod.hostPorts(), runtime(pod),
                    PlacementRules.policy(pod.placement(), pod.labels()),
                    PlacementRules.rules(pod.placement(), pod.labels(),
                            "/scheduling/placement/constraints"));
            return new AppSpec(new AppId(pod.id().path()), PodWriter.definition(pod),
                    pod.instances(), shape, AppSpecs.backoff(pod.rollout().backoff()),
                    upgrade(pod.rollout().upgrade()),
                    AppSpecs.killSelection(pod.rollout().killSelection()),
                    AppSpecs.unreachable(pod.rollout().unreachable()), killGraceMs(pod),
                    pod.containers().stream()
                            .anyMatch(container -> container.healthCheck().isPresent()),
                    List.of(), RunKind.POD, Delivery.PLAIN);
        } catch (IllegalArgumentException beyondTheCore) {
            throw Errors.notValid("/", String.valueOf(beyondTheCore.getMessage()));
        }
    }

    /** Each takes numbers of its own on its agent, which are bounded. */
    private static void check(Pod pod) {
        AppSpecs.checkDepth(pod.id());
        if (pod.containers().size() > CONTAINERS_MAX) {
            throw Errors.notValid("/containers",
                    "must have no more than " + CONTAINERS_MAX + " items");
        }
    }

    private static long images(Pod pod) {
        return pod.containers().stream().filter(container -> container.image().isPresent())
                .count();
    }

    private static RuntimeKind runtime(Pod pod) {
        return images(pod) > 0 ? RuntimeKind.DOCKER : RuntimeKind.PROCESS;
    }

    private static Resources resources(io.springtide.api.marathon.Resources wanted) {
        return new Resources(AppSpecs.up(wanted.cpus() * MILLI, "containers"),
                AppSpecs.up(wanted.memMib(), "containers"),
                AppSpecs.up(wanted.diskMib(), "containers"), wanted.gpus(), 0);
    }

    private static Upgrade upgrade(Rollout.UpgradeStrategy wanted) {
        return new Upgrade((int) Math.round(wanted.minimumHealthCapacity() * PPM),
                (int) Math.round(wanted.maximumOverCapacity() * PPM));
    }

    /** An instance has ended when the slowest of its containers has. */
    private static long killGraceMs(Pod pod) {
        long longest = 0;
        for (PodContainer container : pod.containers()) {
            double seconds = container.killGracePeriodSeconds().orElse(-1);
            longest = Math.max(longest,
                    seconds < 0 ? AppSpecs.KILL_GRACE_MS : Math.round(seconds * MILLI));
        }
        return longest;
    }
}
