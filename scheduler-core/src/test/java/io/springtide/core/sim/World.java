package io.springtide.core.sim;

import io.springtide.core.CoreSettings;
import io.springtide.core.SilenceSettings;
import io.springtide.core.command.Command;
import io.springtide.core.decide.Standbys;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import io.springtide.core.state.RoleState;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A history drawn from a seed: people who change their minds, agents that fail in every way they can,
 * time that passes in leaps. The same seed gives the same history.
 */
@SuppressWarnings("EnumOrdinal") // any constant will do
public final class World {

    private static final int APPS = 5;
    private static final int INSTANCES_MAX = 6;
    private static final int FIXED_PORT_APP = 2;
    private static final int FIXED_PORT_FIRST = 8_000;
    private static final int AGENTS = 6;

    /** Launches that hang are given up soon enough to be seen in a short history. */
    private static final CoreSettings SETTINGS = new CoreSettings(5_000, 40_000, 30_000, 10_000,
            10_019, 20_000, 100_000).withHealthStorm(400_000, 4)
            .withSilence(SilenceSettings.DEFAULT.withStorm(300_000, 2, 200_000));

    private static final int HEAL_SECONDS_MAX = 2_000;

    /** How much the agents can hold. */
    public enum Room {
        /** More than all apps together ever need: everything must converge. */
        AMPLE,
        /** Less than that: some of it has to wait. */
        TIGHT
    }

    private final SplittableRandom random;
    private final Scalings scalings;
    private final Room room;
    private final long tickMsMin;
    private final Cluster cluster = new Cluster(SETTINGS);
    private final Plans plans;
    private Optional<Cut> cut = Optional.empty();

    /** A snapshot in the middle. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Cut(int at, byte[] snapshot) {}

    public World(long seed, Room room, long tickMsMin) {
        this.random = new SplittableRandom(seed);
        this.plans = new Plans(random, cluster, APPS);
        this.scalings = new Scalings(seed, cluster, plans);
        this.room = room;
        this.tickMsMin = tickMsMin;
        for (int i = 0; i < AGENTS; i++) {
            cluster.join(Specs.agent("a" + i, "s" + i % 2, "r" + i / 2 % 2, capacity(),
                    List.of(new PortRange(31_000, 31_019), new PortRange(8_000, 8_004))));
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Many steps of trouble. */
    public World rage(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            // Several commands make a batch.
            if (random.nextInt(3) > 0) {
                cluster.settle();
            }
        }
        cluster.settle();
        return this;
    }

    /** Takes a snapshot, to be checked against at the end. */
    public World cut() {
        cut = Optional.of(new Cut(cluster.journal().size(), cluster.bytes()));
        return this;
    }

    private void step() {
        scalings.next(APPS, FIXED_PORT_APP,
                index -> index == FIXED_PORT_APP ? AGENTS : INSTANCES_MAX)
                .ifPresent(cluster::ask);
        int dice = random.nextInt(100);
        if (dice < 12) {
            cluster.ask(submit());
        } else if (dice < 15) {
            plans.deploymentCommand().ifPresent(cluster::ask);
        } else if (dice < 16) {
            cluster.ask(new Command.DeleteApp(anyApp()));
        } else if (dice < 19) {
            cluster.ask(new Command.RestartApp(anyApp(), random.nextBoolean()));
        } else if (dice < 23) {
            cluster.ask(new Command.KillInstances(some(), random.nextInt(3) == 0,
                    random.nextBoolean()));
        } else if (dice < 26) {
            plans.anyDeployment().ifPresent(number -> cluster
                    .ask(new Command.CancelDeployment(number, random.nextBoolean())));
        } else if (dice < 27) {
            cluster.ask(plans.minor());
        } else if (dice < 28) {
            cluster.ask(plans.role());
        } else if (dice < 30) {
            cluster.ask(new Command.MeasureAgents(List.of(new Command.Measure(
                    anyAgent().spec().id(), random.nextLong(4_000), random.nextLong(4_000)))));
        } else if (dice < 32) {
            cluster.ask(plans.upkeep(anyAgent()));
        } else if (dice < 45) {
            cluster.passMs(tickMsMin + random.nextLong(4_000));
        } else if (dice < 80) {
            work(anyAgent());
        } else {
            trouble(anyAgent(), dice);
        }
    }

    private void work(SimAgent agent) {
        if (!agent.connected()) {
            return;
        }
        agent.fate(SimAgent.Fate.values()[random.nextInt(SimAgent.Fate.values().length)]);
        agent.sync(cluster.state(), 1 + random.nextInt(5));
        for (Command.ReportStatuses report : agent.spool()) {
            int luck = random.nextInt(10);
            if (luck == 0) {
                // Lost: it stays in the spool, and so do those behind it.
                return;
            }
            cluster.ask(report);
            if (luck == 1) {
                // The acknowledgement is lost: it comes again.
                return;
            }
            agent.acknowledge(report);
        }
    }

    private void trouble(SimAgent agent, int dice) {
        if (!agent.connected()) {
            switch (random.nextInt(5)) {
                case 0 -> cluster.returnWiped(agent);
                case 1 -> cluster.returnEmpty(agent);
                default -> cluster.connect(agent);
            }
        } else if (dice < 86) {
            cluster.silence(agent);
        } else if (dice < 88) {
            // Comes back before anybody noticed that it was gone.
            cluster.returnEmpty(agent);
        } else if (dice < 90) {
            agent.spec(Specs.resized(agent.spec(), capacity(), ports()));
            cluster.connect(agent);
        } else if (dice < 93) {
            anyHeld(agent).ifPresent(number -> agent.end(number,
                    random.nextBoolean() ? Condition.FAILED : Condition.FINISHED));
        } else if (dice < 95) {
            anyHeld(agent).ifPresent(agent::exhaust);
        } else if (dice < 97) {
            agent.repeat(random.nextInt(4) == 0 ? Health.DEAD : Health.ALIVE);
        } else {
            nonsense(agent);
        }
    }

    /** What no agent should say. */
    private void nonsense(SimAgent agent) {
        Condition condition = Condition.values()[random.nextInt(Condition.values().length)];
        long number = random.nextLong(cluster.state().instanceNext() + 2);
        List<InstanceStatus> status = List.of(SimAgent.status(number, condition, Health.UNKNOWN));
        switch (random.nextInt(3)) {
            case 0 -> cluster.ask(new Command.ReportStatuses(agent.spec().id(),
                    agent.spec().incarnation() + 7, 1_000_000, status));
            case 1 -> cluster.ask(new Command.ReportStatuses(agent.spec().id(),
                    agent.spec().incarnation(), 0, status));
            default -> {
                boolean stranger = cluster.state().instance(number)
                        .map(instance -> instance.agentRow() != cluster.row(agent)).orElse(true);
                if (stranger || condition.unreachable()) {
                    agent.report(status);
                }
            }
        }
    }

    private Command submit() {
        List<Command.AppChange> changes = new ArrayList<>();
        int first = random.nextInt(APPS);
        int count = random.nextInt(4) == 0 ? 2 : 1;
        for (int i = 0; i < count; i++) {
            changes.add(change((first + i) % APPS));
        }
        return plans.with(changes, random.nextBoolean());
    }

    private Command.AppChange change(int index) {
        Specs.App app = Specs.app(plans.path(index), random.nextInt(INSTANCES_MAX + 1))
                .definition("v" + random.nextInt(3))
                .cpus(random.nextInt(1, 11) * 100L)
                .backoff(new Backoff(random.nextLong(2_000), 1_500_000, 8_000))
                .upgrade(random.nextInt(5) / 4.0, random.nextInt(3) / 2.0);
        if (random.nextInt(3) == 0) {
            app = app.kills(KillSelection.OLDEST_FIRST);
        }
        if (random.nextInt(3) == 0) {
            app = app.policy(PlacementPolicy.BINPACK);
        }
        Rules rules = Rules.NONE.withPriority(random.nextInt(3) * 10);
        if (random.nextInt(2) == 0) {
            rules = rules.withRole("role" + random.nextInt(2));
        }
        rules = rules.withDisruptionPpm(random.nextInt(5) * 250_000);
        if (index > 2 && random.nextInt(3) == 0) {
            rules = rules.withServiceClass(ServiceClass.BEST_EFFORT);
        }
        app = app.shape(app.spec().shape().withRules(rules));
        if (index == 0 && room == Room.TIGHT) {
            app = app.shape(new Shape(new Resources(100, 100, 0, random.nextInt(2), 0),
                    List.of(), app.spec().shape().runtime(), app.spec().shape().policy(), rules));
        }
        if (index == 1) {
            app = app.healthChecked();
        }
        switch (random.nextInt(3)) {
            case 0 -> app = app.unreachable(Unreachable.DISABLED);
            case 1 -> app = app.unreachable(new Unreachable(true, 3_000, 20_000));
            default -> {
            }
        }
        if (index == FIXED_PORT_APP) {
            // Each takes the port of a whole agent: at most as many as there are agents.
            app = app.hostPorts(FIXED_PORT_FIRST + random.nextInt(2), 0)
                    .instances(random.nextInt(AGENTS + 1));
        } else if (index == 3) {
            app = app.hostPorts().servicePorts(0, 0);
        }
        app = app.delivery(plans.delivery(index));
        long base = random.nextInt(10) == 0 ? random.nextLong(2) : Command.AppChange.ANY;
        return new Command.AppChange(app.spec(), base);
    }

    private Resources capacity() {
        return switch (room) {
            case AMPLE -> new Resources(100_000, 100_000, 1_000, 0);
            case TIGHT -> new Resources(random.nextLong(500, 5_000), random.nextLong(500, 4_000),
                    1_000, random.nextInt(3));
        };
    }

    private List<PortRange> ports() {
        return switch (room) {
            case AMPLE -> List.of(new PortRange(31_000, 31_039), new PortRange(8_000, 8_004));
            case TIGHT -> List.of(new PortRange(31_000, 31_000 + random.nextInt(10)),
                    new PortRange(8_000, 8_004));
        };
    }

    private AppId anyApp() {
        return new AppId(plans.path(random.nextInt(APPS)));
    }

    private SimAgent anyAgent() {
        return cluster.agent("a" + random.nextInt(AGENTS));
    }

    private Optional<Long> anyHeld(SimAgent agent) {
        List<Long> held = agent.held();
        return held.isEmpty()
                ? Optional.empty()
                : Optional.of(held.get(random.nextInt(held.size())));
    }

    private List<Long> some() {
        List<Long> numbers = new ArrayList<>();
        long next = cluster.state().instanceNext();
        for (int i = random.nextInt(4); i >= 0; i--) {
            numbers.add(Math.max(0, next - random.nextLong(20)));
        }
        return numbers;
    }

    /** All faults end; within bounded time everything must be as wanted. */
    public World heal() {
        List.copyOf(cluster.state().roles().values()).stream().filter(RoleState::configured)
                .forEach(role -> cluster.run(new Command.RemoveRole(role.spec().name())));
        for (SimAgent agent : cluster.agents()) {
            cluster.run(new Command.KeepAgent(agent.spec().id(), Upkeep.Mode.OPEN, 0, false));
            agent.fate(SimAgent.Fate.WELL);
            if (!agent.connected()) {
                cluster.connect(agent);
            }
        }
        for (int second = 0; second < HEAL_SECONDS_MAX; second++) {
            freeTakenPort();
            cluster.agents().forEach(agent -> {
                agent.repeat(Health.ALIVE);
                cluster.deliver(agent);
            });
            cluster.live(1);
            plans.letGo();
            if (unrest().isEmpty()) {
                agentsHoldWhatTheyShould();
                return this;
            }
        }
        throw new AssertionError("not at rest " + HEAL_SECONDS_MAX + " s after the last fault: "
                + unrest().orElseThrow());
    }

    /**
     * A fixed port may have gone to an instance that took any: on as many agents as instances are wanted
     * that would be for good. A person would do this.
     */
    private void freeTakenPort() {
        cluster.state().app(new AppId(plans.path(FIXED_PORT_APP)))
                .filter(app -> app.rejections().count(Rejection.PORTS) == AGENTS)
                .ifPresent(app -> cluster.run(new Command.KillInstances(cluster.state().apps()
                        .values().stream().filter(other -> other != app)
                        .flatMap(other -> takers(other).stream()).toList(), false,
                        true)));
    }

    private static List<Long> takers(AppState app) {
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            for (int port = 0; port < instance.portCount(); port++) {
                if (instance.port(port) / 10 == FIXED_PORT_FIRST / 10) {
                    found.add(instance.number());
                }
            }
        }
        return found;
    }

    /** What is not yet as it should be. */
    private Optional<String> unrest() {
        ClusterState state = cluster.state();
        if (!state.deployments().isEmpty()) {
            return Optional.of("still running: " + state.deployments());
        }
        for (AppState app : state.apps().values()) {
            int healthy = 0;
            InstanceList all = app.instances();
            for (int i = 0; i < all.size(); i++) {
                Instance instance = all.get(i);
                // Where a deployment was stopped halfway, old ones and new ones stay side by side.
                boolean current = (app.deployment() == 0 && app.rollout().paused())
                        || instance.version().configuredMs() == app.current().configuredMs();
                healthy += instance.active() && current && state.healthy(instance) ? 1 : 0;
            }
            int frozen = 0;
            for (int i = 0; i < all.size(); i++) {
                frozen += all.get(i).standby() && all.get(i).seen() == Condition.PAUSED ? 1 : 0;
            }
            int standbys = Standbys.wanted(app);
            if (app.id().path().equals(plans.path(FIXED_PORT_APP))) {
                // Those that serve may leave no agent's port to more, or others may have it.
                standbys = Math.min(standbys, frozen);
            }
            if (app.leaving() || all.size() != app.wanted() + standbys || frozen != standbys
                    || healthy != app.wanted()) {
                return Optional.of(app.id() + (app.leaving() ? " is leaving," : "") + " wants "
                        + app.wanted() + ", has " + all.size() + ", of them healthy and current "
                        + healthy + ", standbys " + frozen + " of " + standbys + ", missing "
                        + app.missing() + " " + app.rejections());
            }
        }
        return Optional.empty();
    }

    private void agentsHoldWhatTheyShould() {
        for (SimAgent agent : cluster.agents()) {
            List<Long> expected = new ArrayList<>();
            InstanceList ordered = cluster.state().agents().instances(cluster.row(agent));
            for (int i = 0; i < ordered.size(); i++) {
                expected.add(ordered.get(i).number());
            }
            Invariants.require(expected.equals(agent.held()), agent.spec().id() + " holds "
                    + agent.held() + " instead of " + expected);
        }
    }

    /** The recorded events alone give the same state; so does the snapshot with the rest of them. */
    public World replay() {
        ClusterState replayed = new ClusterState();
        List<Event> journal = cluster.journal();
        journal.forEach(event -> replayed.apply(Cluster.copy(event)));
        same("the replay", replayed);
        cut.ifPresent(middle -> {
            ClusterState resumed = StateSnapshot.decode(middle.snapshot);
            Invariants.require(
                    Arrays.equals(middle.snapshot, StateSnapshot.encode(resumed)),
                    "a decoded snapshot is not written as it was read");
            Invariants resumedInvariants = new Invariants();
            resumedInvariants.startAt(resumed);
            journal.subList(middle.at, journal.size()).forEach(event -> {
                resumed.apply(event);
                resumedInvariants.check(resumed, event);
            });
            same("the snapshot and the events after it", resumed);
        });
        return this;
    }

    private void same(String what, ClusterState other) {
        byte[] bytes = StateSnapshot.encode(other);
        Invariants.require(Arrays.equals(cluster.bytes(), bytes), what + " gives another state: "
                + Long.toHexString(StateSnapshot.hash(bytes)) + " instead of "
                + Long.toHexString(StateSnapshot.hash(cluster.bytes())));
    }
}
