package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.Container;
import io.springtide.api.marathon.Networking;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.PortDefinition;
import io.springtide.api.marathon.PortMapping;
import io.springtide.api.marathon.Rollout;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From what a client writes to what the core decides on. */
final class AppSpecs {

    /** What a task gets between SIGTERM and SIGKILL if nobody said; as Mesos agents do it. */
    static final long KILL_GRACE_MS = 3_000;

    private static final double PPM = 1_000_000;
    private static final double MILLI = 1_000;

    /** Amounts are rounded up, except for the dust of binary fractions. */
    private static final double DUST = 1e-6;

    /** People nest a handful. */
    private static final int DEPTH_MAX = 100;

    private AppSpecs() {}

    /**
     * The spec of an app.
     *
     * @throws io.springtide.api.marathon.RequestRefused 422 if the core cannot do what is asked
     */
    static AppSpec spec(App app) {
        checkDepth(app.id());
        try {
            PlacementPolicy policy = PlacementRules.policy(app);
            Rules rules = PlacementRules.rules(app);
            Shape shape = new Shape(resources(app), hostPorts(app),
                    app.container().flatMap(Container::docker).isPresent()
                            ? RuntimeKind.DOCKER
                            : RuntimeKind.PROCESS,
                    policy, rules);
            return new AppSpec(new AppId(app.id().path()), AppWriter.definition(app),
                    app.instances(), shape, backoff(app.rollout().backoff()),
                    upgrade(app.rollout()), killSelection(app.rollout().killSelection()),
                    unreachable(app.rollout().unreachable()),
                    app.launch().taskKillGracePeriodSeconds().isPresent()
                            ? app.launch().taskKillGracePeriodSeconds().getAsInt() * 1_000L
                            : KILL_GRACE_MS,
                    !app.checks().healthChecks().isEmpty(), app.servicePorts(), RunKind.APP,
                    Deliveries.of(app));
        } catch (IllegalArgumentException beyondTheCore) {
            throw Errors.notValid("/", String.valueOf(beyondTheCore.getMessage()));
        }
    }

    /**
     * Each name of a path is a group of its own, so that their number has to have an end.
     *
     * @throws io.springtide.api.marathon.RequestRefused 422 if there are too many
     */
    static void checkDepth(PathId id) {
        if (id.segments().size() > DEPTH_MAX) {
            throw Errors.notValid("/id",
                    "has more than " + DEPTH_MAX + " names, one within the other");
        }
    }

    /** Whether it is the same, if the ports that are left to us are those that have been chosen. */
    static boolean same(AppSpec wanted, AppSpec chosen) {
        List<Integer> ports = wanted.servicePorts();
        if (ports.size() != chosen.servicePorts().size()) {
            return false;
        }
        for (int i = 0; i < ports.size(); i++) {
            if (ports.get(i) != 0 && !ports.get(i).equals(chosen.servicePorts().get(i))) {
                return false;
            }
        }
        return wanted.withServicePorts(chosen.servicePorts()).equals(chosen);
    }

    /**
     * Takes service ports that are those we had chosen for what we had chosen, so that an app that is
     * read and written back has not changed.
     *
     * @param assigned to {@code existing}, by position
     */
    static App keepAssigned(App wanted, App existing, List<Integer> assigned) {
        if (wanted.networking().requirePorts() != existing.networking().requirePorts()
                || wanted.networking().isHost() != existing.networking().isHost()) {
            return wanted;
        }
        List<Integer> before = existing.servicePorts();
        List<Integer> ports = new ArrayList<>(wanted.servicePorts());
        for (int i = 0; i < ports.size() && i < before.size() && i < assigned.size(); i++) {
            if (before.get(i) == 0 && ports.get(i).equals(assigned.get(i))) {
                ports.set(i, 0);
            }
        }
        return ports.equals(wanted.servicePorts()) ? wanted : withServicePorts(wanted, ports);
    }

    private static App withServicePorts(App app, List<Integer> ports) {
        Networking networking = app.networking();
        Optional<Container> container = app.container();
        if (networking.isHost()) {
            List<PortDefinition> definitions = new ArrayList<>();
            for (int i = 0; i < ports.size(); i++) {
                PortDefinition one = networking.portDefinitions().get(i);
                definitions.add(new PortDefinition(ports.get(i), one.protocol(), one.name(),
                        one.labels()));
            }
            networking = new Networking(networking.networks(), definitions,
                    networking.requirePorts());
        } else if (container.isPresent()) {
            Container old = container.get();
            List<PortMapping> mappings = new ArrayList<>();
            for (int i = 0; i < ports.size(); i++) {
                PortMapping one = old.portMappings().get(i);
                mappings.add(new PortMapping(one.containerPort(), one.hostPort(), ports.get(i),
                        one.protocol(), one.name(), one.labels(), one.networkNames()));
            }
            container = Optional.of(new Container(old.type(), old.docker(), mappings,
                    old.volumes(), old.linuxInfo()));
        }
        return new App(app.id(), app.instances(), app.launch(), app.resources(), networking,
                container, app.checks(), app.placement(), app.rollout(), app.labels(),
                app.dependencies());
    }

    private static Resources resources(App app) {
        io.springtide.api.marathon.Resources wanted = app.resources();
        int gpuShareMilli = (int) Math
                .ceil(app.placement().terms().gpuShare().orElse(0) * MILLI - DUST);
        return new Resources(up(wanted.cpus() * MILLI, "cpus"), up(wanted.memMib(), "mem"),
                up(wanted.diskMib(), "disk"), wanted.gpus(), gpuShareMilli);
    }

    static long up(double amount, String name) {
        if (!(amount >= 0) || amount > Resources.AMOUNT_MAX) {
            throw Errors.notValid("/" + name, "is not an amount that any agent could have");
        }
        return (long) Math.ceil(amount - DUST);
    }

    private static List<Integer> hostPorts(App app) {
        Networking networking = app.networking();
        if (networking.isHost()) {
            return networking.portDefinitions().stream()
                    .map(one -> networking.requirePorts() ? one.port() : 0).toList();
        }
        List<Integer> ports = new ArrayList<>();
        for (PortMapping mapping : app.container().map(Container::portMappings)
                .orElse(List.of())) {
            if (mapping.hostPort().isPresent()) {
                ports.add(mapping.hostPort().getAsInt());
            } else if (networking.isBridge()) {
                ports.add(0);
            }
        }
        return ports;
    }

    static Backoff backoff(Rollout.Backoff wanted) {
        return new Backoff(wanted.seconds() * 1_000L,
                Math.round(Math.min(wanted.factor() * PPM, Long.MAX_VALUE)),
                wanted.maxLaunchDelaySeconds() * 1_000L);
    }

    private static Upgrade upgrade(Rollout wanted) {
        return new Upgrade((int) Math.round(wanted.upgrade().minimumHealthCapacity() * PPM),
                (int) Math.round(wanted.upgrade().maximumOverCapacity() * PPM),
                wanted.terms().minimumHealthy().orElse(Upgrade.BY_SHARE),
                wanted.terms().maximumOver().orElse(Upgrade.BY_SHARE));
    }

    static KillSelection killSelection(Rollout.KillSelection wanted) {
        return switch (wanted) {
            case YOUNGEST_FIRST -> KillSelection.YOUNGEST_FIRST;
            case OLDEST_FIRST -> KillSelection.OLDEST_FIRST;
        };
    }

    static Unreachable unreachable(Rollout.UnreachableStrategy wanted) {
        return switch (wanted) {
            case Rollout.UnreachableStrategy.Disabled() -> Unreachable.DISABLED;
            case Rollout.UnreachableStrategy.After(int inactive, int expunge) ->
                new Unreachable(true, inactive * 1_000L, expunge * 1_000L);
        };
    }
}
