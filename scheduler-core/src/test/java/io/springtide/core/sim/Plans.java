package io.springtide.core.sim;

import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.AppState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What people in a {@link World} make of groups, of deployments, and of how apps are delivered. */
final class Plans {

    private static final String GROUP = "/shop";

    private final SplittableRandom random;
    private final Cluster cluster;
    private final int apps;

    Plans(SplittableRandom random, Cluster cluster, int apps) {
        this.random = random;
        this.cluster = cluster;
        this.apps = apps;
    }

    /** Some lie in a group. */
    String path(int index) {
        return (index > 2 ? GROUP : "") + "/app" + index;
    }

    /** How an app is delivered; most often as Marathon would. */
    Delivery delivery(int index) {
        Delivery.Strategy strategy = Delivery.Strategy.ROLLING;
        List<Delivery.Stage> canary = new ArrayList<>();
        boolean byHand = false;
        if (index == 0 && random.nextInt(3) == 0) {
            strategy = Delivery.Strategy.BLUE_GREEN;
            byHand = random.nextBoolean();
        } else if (index != 2) {
            for (int i = random.nextInt(3); i > 0; i--) {
                long pauseMs = random.nextInt(3) * 2_000L;
                canary.add(new Delivery.Stage(random.nextBoolean() ? random.nextInt(3) : -1,
                        random.nextInt(1_000_001),
                        random.nextInt(3) == 0 ? Delivery.Stage.BY_HAND : pauseMs));
            }
        }
        Delivery.Guard guard = random.nextInt(3) == 0
                ? new Delivery.Guard(random.nextInt(1, 4), 30_000)
                : Delivery.Guard.NONE;
        return new Delivery(dependencies(index), index == 4, strategy, canary, byHand,
                random.nextInt(5) == 0 ? random.nextLong(1, 60_000) : 0, random.nextBoolean(),
                guard);
    }

    private List<String> dependencies(int index) {
        List<String> all = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            // Now and then it is a circle, and refused.
            all.add(random.nextInt(4) == 0
                    ? GROUP
                    : path((index + random.nextInt(1, apps - 1)) % apps));
        }
        return all;
    }

    /** Changes of apps, at times with groups and removals. */
    Command.SubmitApps with(List<Command.AppChange> changes, boolean force) {
        List<Command.GroupChange> groups = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            Command.GroupChange.Kind[] kinds = Command.GroupChange.Kind.values();
            groups.add(new Command.GroupChange(group(), kinds[random.nextInt(kinds.length)]));
        }
        AppId gone = new AppId(path(random.nextInt(apps)));
        boolean removing = random.nextInt(6) == 0
                && changes.stream().noneMatch(change -> change.spec().id().equals(gone));
        return new Command.SubmitApps(changes, removing ? List.of(gone) : List.of(), groups, force);
    }

    private GroupSpec group() {
        String path = random.nextBoolean() ? GROUP : "/other/inner";
        List<String> after = random.nextInt(2) == 0 ? List.of() : List.of(path(random.nextInt(3)));
        return new GroupSpec(path, after, Optional.empty());
    }

    Optional<Long> anyDeployment() {
        List<Deployment> running = List.copyOf(cluster.state().deployments());
        return running.isEmpty()
                ? Optional.empty()
                : Optional.of(running.get(random.nextInt(running.size())).number());
    }

    /** Holds a deployment, lets it go on, promotes it. */
    Optional<Command> deploymentCommand() {
        return anyDeployment().map(number -> switch (random.nextInt(3)) {
            case 0 -> new Command.PauseDeployment(number, true);
            case 1 -> new Command.PauseDeployment(number, false);
            default -> new Command.PromoteDeployment(number);
        });
    }

    /** A role gets other rights, or none of its own. */
    Command role() {
        String name = "role" + random.nextInt(2);
        Resources limit = new Resources(random.nextLong(1_000, 10_000), 100_000, 100_000, 100);
        return random.nextInt(3) == 0
                ? new Command.RemoveRole(name)
                : new Command.ConfigureRole(new RoleSpec(name, random.nextInt(1, 5),
                        new Resources(random.nextLong(1_000), 100, 0, 0),
                        random.nextBoolean() ? Optional.of(limit) : Optional.empty(),
                        Optional.empty()));
    }

    /** What people say of agents, and what another leader does first. */
    Command upkeep(SimAgent agent) {
        return switch (random.nextInt(8)) {
            case 0 -> new Command.FoundCluster("0123456789abcdef");
            case 1 -> new Command.ReleaseStorm();
            case 2 -> new Command.ForgetAgent(agent.spec().id());
            case 3 -> new Command.KeepAgent(agent.spec().id(), Upkeep.Mode.CORDONED, 0, false);
            case 4 -> new Command.KeepAgent(agent.spec().id(), Upkeep.Mode.DRAINING, 0,
                    random.nextBoolean());
            case 5 -> new Command.KeepAgent(agent.spec().id(), Upkeep.Mode.DRAINING,
                    cluster.nowMs() + random.nextLong(30_000), true);
            default -> new Command.KeepAgent(agent.spec().id(), Upkeep.Mode.OPEN, 0, false);
        };
    }

    /** A reset of a delay, or weights. */
    Command minor() {
        AppId id = new AppId(path(random.nextInt(apps)));
        if (random.nextBoolean()) {
            return new Command.ResetBackoff(id);
        }
        TreeMap<Long, Integer> weights = new TreeMap<>();
        for (AppVersion version : cluster.state().app(id).map(AppState::versions)
                .orElse(List.of())) {
            weights.put(version.versionMs(), random.nextInt(101));
        }
        return new Command.SetWeights(id, weights);
    }

    /** Nobody holds anything any more. */
    void letGo() {
        for (Deployment deployment : List.copyOf(cluster.state().deployments())) {
            if (deployment.paused()) {
                cluster.run(new Command.PauseDeployment(deployment.number(), false));
            }
            cluster.run(new Command.PromoteDeployment(deployment.number()));
        }
    }
}
