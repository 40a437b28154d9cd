package io.springtide.core.placement;

import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever the cluster and the queue, each instance goes where the rules say, and none is left
 * waiting that the rules would let in. Method: random clusters and queues, instance by instance beside
 * a {@link Reference} that asks every agent every question.
 */
class PlacementProperties {

    private static final int ROUNDS = 3;
    private static final int APPS = 5;

    @Property(tries = 400)
    void everyInstanceGoesWhereTheRulesSay(@ForAll long seed) {
        World world = new World(seed);
        for (int round = 0; round < ROUNDS; round++) {
            PlacementRound placement = new PlacementRound(world.state);
            Reference reference = new Reference(world.state);
            List<Event> events = new ArrayList<>();
            for (int turn = 0; turn < APPS; turn++) {
                AppState app = world.anyApp();
                int count = world.random.nextInt(1, 12);
                PlacementRound.Choice choice = placement.place(app, count);
                check(reference, app, count, choice, "seed " + seed + ", round " + round
                        + ", turn " + turn + ", " + app.id() + ", " + app.current().spec().shape()
                        + ", " + choice.rejections());
                world.note(app, choice, events);
            }
            events.forEach(world.state::apply);
            world.stir();
        }
    }

    private static void check(Reference reference, AppState app, int count,
            PlacementRound.Choice choice, String where) {
        int portsEach = app.current().spec().shape().hostPorts().size();
        boolean open = app.current().spec().shape().rules().constraints().stream().anyMatch(
                rule -> rule.operator() == Constraint.Operator.CLUSTER && rule.value().isEmpty())
                || app.current().spec().shape().rules().preferences().apps().stream()
                        .anyMatch(near -> near.required() && near.weight() > 0);
        for (int i = 0; i < choice.agentRows().length; i++) {
            int row = choice.agentRows()[i];
            List<Integer> candidates = reference.candidates(app);
            assertThat(candidates).as("agents for instance %s; %s", i, where).contains(row);
            if (!open) {
                // Those that are to stay together go where most of them fit, not where one fits best.
                assertThat(reference.cost(app, row)).as("cost of instance %s; %s", i, where)
                        .isEqualTo(candidates.stream().map(one -> reference.cost(app, one))
                                .min(byParts()).orElseThrow());
            }
            List<Integer> ports = new ArrayList<>();
            for (int port = 0; port < portsEach; port++) {
                ports.add(choice.ports()[i * portsEach + port]);
            }
            reference.place(app, row, choice.gpus().length == 0 ? 0 : choice.gpus()[i], ports);
        }
        if (choice.agentRows().length < count) {
            assertThat(reference.candidates(app)).as("agents left; %s", where).isEmpty();
            assertThat(choice.rejections().counts().stream().mapToInt(Integer::intValue).sum())
                    .as("each agent says no once; %s", where)
                    .isEqualTo(choice.rejections().agents());
        } else {
            assertThat(choice.rejections()).isEqualTo(Rejections.NONE);
        }
    }

    /** A picture kept up during a round is the one that a new round would draw. */
    @Property(tries = 200)
    void oneRoundChoosesLikeManyRounds(@ForAll long seed) {
        World together = new World(seed);
        World apart = new World(seed);
        PlacementRound round = new PlacementRound(together.state);
        List<Event> events = new ArrayList<>();
        for (int turn = 0; turn < APPS; turn++) {
            int count = together.random.nextInt(1, 12);
            apart.random.nextInt(1, 12);
            AppState one = together.anyApp();
            AppState same = apart.anyApp();
            PlacementRound.Choice inRound = round.place(one, count);
            PlacementRound.Choice alone = new PlacementRound(apart.state).place(same, count);
            assertThat(inRound.agentRows()).as("seed %s turn %s", seed, turn)
                    .isEqualTo(alone.agentRows());
            assertThat(inRound.ports()).isEqualTo(alone.ports());
            assertThat(inRound.gpus()).isEqualTo(alone.gpus());
            assertThat(inRound.rejections()).isEqualTo(alone.rejections());
            together.note(one, inRound, events);
            List<Event> now = new ArrayList<>();
            apart.note(same, alone, now);
            now.forEach(apart.state::apply);
        }
    }

    /** A state that was read from bytes places like the one that was written. */
    @Property(tries = 100)
    void aRestoredStatePlacesAlike(@ForAll long seed) {
        World world = new World(seed);
        List<Event> events = new ArrayList<>();
        AppState first = world.anyApp();
        world.note(first, new PlacementRound(world.state).place(first, 7), events);
        events.forEach(world.state::apply);
        ClusterState restored = StateSnapshot.decode(StateSnapshot.encode(world.state));
        for (AppState app : world.state.apps().values()) {
            PlacementRound.Choice one = new PlacementRound(world.state).place(app, 9);
            PlacementRound.Choice other = new PlacementRound(restored)
                    .place(restored.app(app.id()).orElseThrow(), 9);
            assertThat(other.agentRows()).isEqualTo(one.agentRows());
            assertThat(other.ports()).isEqualTo(one.ports());
            assertThat(other.rejections()).isEqualTo(one.rejections());
        }
    }

    private static Comparator<List<Long>> byParts() {
        return (one, other) -> {
            for (int i = 0; i < one.size(); i++) {
                int order = Long.compare(one.get(i), other.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        };
    }

    /** A random cluster with random apps. */
    @SuppressWarnings("EnumOrdinal") // any constant will do
    private static final class World {

        final SplittableRandom random;
        final ClusterState state = new ClusterState();
        private long nowMs = 1_000;

        World(long seed) {
            random = new SplittableRandom(seed);
            int agents = random.nextInt(1, 25);
            for (int i = 0; i < agents; i++) {
                register(i);
            }
            for (int i = 0; i < APPS; i++) {
                AppSpec spec = Specs.app("/app" + i, 100).shape(shape()).spec();
                state.apply(new Event.AppVersioned(new AppVersion(spec, nowMs, nowMs, nowMs)));
            }
            stir();
        }

        private void register(int i) {
            TreeMap<String, String> attributes = new TreeMap<>();
            if (random.nextInt(4) > 0) {
                attributes.put("disk", random.nextBoolean() ? "ssd" : "hdd");
            }
            if (random.nextInt(3) > 0) {
                attributes.put("gen", Integer.toString(random.nextInt(4)));
            }
            TreeMap<String, Resources> reservations = new TreeMap<>();
            if (random.nextInt(5) == 0) {
                reservations.put("role" + random.nextInt(2),
                        new Resources(random.nextInt(3) * 1_000L, random.nextInt(3) * 512L, 0,
                                random.nextInt(2)));
            }
            state.apply(new Event.AgentRegistered(i, new AgentSpec(new AgentId("a" + i), 1,
                    "host" + (random.nextInt(6) == 0 ? 0 : i), "r",
                    random.nextInt(8) == 0 ? "" : "s" + random.nextInt(3),
                    "k" + random.nextInt(3), attributes,
                    new Resources(random.nextInt(1, 9) * 500L, random.nextInt(1, 9) * 512L,
                            random.nextInt(1_000), random.nextInt(3)),
                    List.of(new PortRange(31_000, 31_000 + random.nextInt(12)),
                            new PortRange(8_000, 8_001)),
                    1 + random.nextInt(3), reservations), nowMs));
        }

        AppState anyApp() {
            return state.app(new AppId("/app" + random.nextInt(APPS))).orElseThrow();
        }

        /** Agents fall silent, measure, shrink; apps change. */
        void stir() {
            nowMs += 1_000;
            for (int row = 0; row < state.agents().rows(); row++) {
                switch (random.nextInt(12)) {
                    case 0 -> state.apply(new Event.AgentSuspected(row, nowMs));
                    case 1 -> register(row);
                    case 2 -> state.apply(new Event.AgentMeasured(row, random.nextInt(3_000),
                            random.nextInt(2_000)));
                    default -> {
                    }
                }
            }
            if (random.nextBoolean()) {
                AppSpec spec = anyApp().current().spec().withShape(shape());
                state.apply(new Event.AppVersioned(new AppVersion(spec, nowMs, nowMs, nowMs)));
            }
        }

        void note(AppState app, PlacementRound.Choice choice, List<Event> events) {
            if (choice.agentRows().length > 0) {
                long first = events.stream().filter(Event.InstancesPlaced.class::isInstance)
                        .map(Event.InstancesPlaced.class::cast)
                        .mapToLong(placed -> placed.first() + placed.agentRows().length).max()
                        .orElse(state.instanceNext());
                events.add(new Event.InstancesPlaced(app.id(), app.current().versionMs(), first,
                        choice.agentRows(), choice.ports(), choice.gpus(), nowMs));
            }
        }

        private Shape shape() {
            int gpus = random.nextInt(6) == 0 ? 1 : 0;
            Resources need = new Resources(random.nextInt(1, 5) * 250L,
                    random.nextInt(1, 5) * 128L, random.nextInt(3) * 10L, gpus,
                    gpus == 0 && random.nextInt(6) == 0 ? random.nextInt(1, 1_000) : 0);
            List<Integer> ports = switch (random.nextInt(4)) {
                case 0 -> List.of(0);
                case 1 -> List.of(0, 8_000);
                default -> List.of();
            };
            Rules rules = Rules.NONE.withConstraints(constraints())
                    .withServiceClass(random.nextInt(4) == 0
                            ? ServiceClass.BEST_EFFORT
                            : ServiceClass.GUARANTEED);
            if (random.nextInt(3) == 0) {
                rules = rules.withRole("role" + random.nextInt(2));
                rules = new Rules(rules.constraints(), rules.role(),
                        Rules.RoleUse.values()[random.nextInt(3)], 0, rules.serviceClass(),
                        rules.disruptionPpm(), rules.preferences());
            }
            if (random.nextInt(3) == 0) {
                rules = rules.withPreferences(preferences());
            }
            return new Shape(need, ports, random.nextBoolean()
                    ? RuntimeKind.DOCKER
                    : RuntimeKind.PROCESS,
                    random.nextBoolean() ? PlacementPolicy.SPREAD : PlacementPolicy.BINPACK,
                    rules);
        }

        private Constraint[] constraints() {
            List<Constraint> rules = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                String field = List.of("hostname", "@zone", "@rack", "@region", "disk", "gen")
                        .get(random.nextInt(6));
                Constraint.Operator operator = Constraint.Operator.values()[random
                        .nextInt(Constraint.Operator.values().length)];
                rules.add(new Constraint(field, operator, switch (operator) {
                    case UNIQUE -> "";
                    case CLUSTER -> random.nextBoolean() ? "" : "ssd";
                    case GROUP_BY -> random.nextBoolean() ? "" : "" + random.nextInt(4);
                    case MAX_PER -> "" + random.nextInt(1, 4);
                    case LIKE, UNLIKE -> random.nextBoolean() ? "s.*|k[12]" : "[0-2]|host.*";
                    case IS -> random.nextBoolean() ? "ssd" : "s1";
                }));
            }
            return rules.toArray(new Constraint[0]);
        }

        private Preferences preferences() {
            List<Preferences.Attribute> attributes = random.nextBoolean()
                    ? List.of(new Preferences.Attribute("disk", "ssd",
                            random.nextInt(-100, 101)))
                    : List.of();
            int weight = random.nextInt(1, 101) * (random.nextBoolean() ? 1 : -1);
            List<Preferences.Neighbour> near = random.nextBoolean()
                    ? List.of(new Preferences.Neighbour(new AppId("/app" + random.nextInt(APPS)),
                            Preferences.Scope.values()[random.nextInt(3)], weight,
                            random.nextBoolean()))
                    : List.of();
            return new Preferences("", random.nextInt(2) * 30, random.nextInt(2) * 20,
                    random.nextInt(2) * 10, attributes, near);
        }
    }

    /** The conditions that agents are put in here are those there are. */
    @Property(tries = 1)
    void silentAgentsAreMet() {
        boolean met = false;
        for (long seed = 0; seed < 20; seed++) {
            World world = new World(seed);
            for (int row = 0; row < world.state.agents().rows(); row++) {
                met |= world.state.agents().condition(row) == AgentCondition.SUSPECT;
            }
        }
        assertThat(met).isTrue();
    }
}
