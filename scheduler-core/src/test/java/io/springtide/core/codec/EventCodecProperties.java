package io.springtide.core.codec;

import io.springtide.core.elasticity.Policies;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PartStatus;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Readiness;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.RolloutState;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.model.Upkeep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is written is read as it was, and damage is noticed as damage. */
class EventCodecProperties {

    private static final int KINDS = Event.class.getPermittedSubclasses().length;

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void everyKindOfEventComesBackAsItWas(@ForAll long seed) {
        for (int kind = 0; kind < KINDS; kind++) {
            Event event = new Draw(seed).event(kind);
            Event read = EventCodec.readAll(bytes(event)).get(0);
            assertThat(bytes(read)).isEqualTo(bytes(event));
            if (event instanceof Event.InstancesPlaced placed) {
                // Arrays are compared by what is in them.
                Event.InstancesPlaced back = (Event.InstancesPlaced) read;
                assertThat(back.agentRows()).isEqualTo(placed.agentRows());
                assertThat(back.ports()).isEqualTo(placed.ports());
                assertThat(back.gpus()).isEqualTo(placed.gpus());
                assertThat(back.standby()).isEqualTo(placed.standby());
                assertThat(back.first()).isEqualTo(placed.first());
                assertThat(back.versionMs()).isEqualTo(placed.versionMs());
                assertThat(back.app()).isEqualTo(placed.app());
                assertThat(back.atMs()).isEqualTo(placed.atMs());
            } else {
                assertThat(read).isEqualTo(event);
            }
        }
    }

    @Example
    void drawsEveryKind() {
        List<String> drawn = IntStream.range(0, KINDS)
                .mapToObj(kind -> new Draw(1).event(kind).getClass().getName()).sorted().toList();
        assertThat(drawn).isEqualTo(Arrays.stream(Event.class.getPermittedSubclasses())
                .map(Class::getName).sorted().toList());
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void manyInOnePayloadStayApart(@ForAll long seed) {
        Draw draw = new Draw(seed);
        FactWriter out = new FactWriter(0);
        int count = draw.random.nextInt(20);
        for (int i = 0; i < count; i++) {
            EventCodec.write(out, draw.event(draw.random.nextInt(KINDS)));
        }
        assertThat(EventCodec.readAll(out.toBytes())).hasSize(count);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void damageNeverDoesMoreThanBeRefused(@ForAll long seed) {
        Draw draw = new Draw(seed);
        byte[] bytes = bytes(draw.event(draw.random.nextInt(KINDS)));
        int at = draw.random.nextInt(bytes.length);
        byte[] damaged = draw.random.nextBoolean()
                ? Arrays.copyOf(bytes, at)
                : bytes.clone();
        if (damaged.length == bytes.length) {
            damaged[at] = (byte) (damaged[at] ^ 1 << draw.random.nextInt(8));
        }
        try {
            EventCodec.readAll(damaged);
        } catch (IllegalArgumentException expected) {
            assertThat(expected).hasMessageMatching("(?s).+");
        }
    }

    @Property(tries = 200)
    void numbersComeBack(@ForAll long value) {
        FactWriter out = new FactWriter(0);
        out.number(value);
        out.signed(value);
        out.fixed64(value);
        FactReader in = new FactReader(out.toBytes());
        assertThat(in.number()).isEqualTo(value);
        assertThat(in.signed()).isEqualTo(value);
        assertThat(in.fixed64()).isEqualTo(value);
        assertThat(in.hasMore()).isFalse();
    }

    @Example
    void fieldsOfLaterVersionsAreSkipped() {
        byte[] bytes = bytes(new Event.AgentSuspected(3, 7));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 2);
        longer[4] = (byte) (longer[4] + 2);
        assertThat(EventCodec.readAll(longer)).containsExactly(new Event.AgentSuspected(3, 7));
    }

    @Example
    void anUnknownKindSaysWhatToDo() {
        assertThatThrownBy(() -> EventCodec.readAll(new byte[]{99, 0, 0, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("newer release");
    }

    private static byte[] bytes(Event event) {
        FactWriter out = new FactWriter(0);
        EventCodec.write(out, event);
        return out.toBytes();
    }

    /** Events and their parts from a seed. */
    private static final class Draw {

        final SplittableRandom random;

        Draw(long seed) {
            random = new SplittableRandom(seed);
        }

        @SuppressWarnings("EnumOrdinal") // any order will do
        Event event(int kind) {
            return switch (kind) {
                case 0 -> new Event.ClusterFounded(text(), time());
                case 1 -> new Event.AgentRegistered(row(), agent(), time(),
                        random.nextBoolean());
                case 2 -> new Event.AgentSuspected(row(), time());
                case 3 -> new Event.AgentUnreachable(row(), time());
                case 4 -> new Event.AgentRemoved(row(), new AgentId("a" + text()));
                case 5 -> new Event.AppVersioned(version());
                case 6 -> new Event.AppLeaving(app(), time());
                case 7 -> new Event.AppRemoved(app(), time());
                case 8 -> new Event.DeploymentStarted(new Deployment(time(), time(),
                        many(() -> many(this::action)), row(), random.nextBoolean()));
                case 9 -> new Event.DeploymentEnded(time(),
                        one(Event.DeploymentEnded.Outcome.values()), time(), text());
                case 10 -> new Event.InstancesPlaced(app(), time(), time(), ints(), ints(), ints(),
                        time(), random.nextBoolean());
                case 11 -> new Event.PlacementDeferred(app(), row(), rejections(), time());
                case 12 -> new Event.InstancesReported(row(), time(), time(), many(this::status));
                case 13 -> new Event.InstancesDecommissioned(many(this::time),
                        one(Event.Reason.values()), time());
                case 14 -> new Event.InstancesDeactivated(many(this::time), time());
                case 15 -> new Event.InstancesLost(many(this::time), text(), time());
                case 16 -> new Event.BackoffSet(app(), time(), time());
                case 17 -> new Event.FailureNoted(app(), new TaskFailure(time(), text(), text(),
                        one(Condition.values()), random.nextInt(), text(), time(), time()));
                case 18 -> new Event.RoleConfigured(role());
                case 19 -> new Event.RoleRemoved(text());
                case 20 -> new Event.AgentMeasured(row(), time(), time());
                case 21 -> new Event.AppPlanned(version());
                case 22 -> new Event.RolloutMoved(app(), new RolloutState(time(), time(), row(),
                        time(), random.nextInt(-1, 9), random.nextBoolean(), row()));
                case 23 -> {
                    TreeMap<Long, Integer> weights = new TreeMap<>();
                    many(() -> weights.put(time(), row()));
                    yield new Event.WeightsSet(app(), weights);
                }
                case 24 -> new Event.GroupChanged(new GroupSpec("/g" + text(), many(this::text),
                        random.nextBoolean()
                                ? Optional.of(random.nextBoolean())
                                : Optional.empty()),
                        time());
                case 25 -> new Event.GroupRemoved(text(), time());
                case 26 -> new Event.DeploymentAdvanced(time(), row(), time());
                case 27 -> new Event.DeploymentPaused(time(), random.nextBoolean(), time());
                case 28 -> new Event.HealthStormChanged(random.nextBoolean(), row(), row(), time());
                case 29 -> new Event.ReignBegan(time());
                case 30 -> new Event.AgentSettled(row(), time());
                case 31 -> new Event.AgentKept(row(), upkeep());
                case 32 -> new Event.AgentStormChanged(random.nextBoolean(), row(), row(),
                        random.nextBoolean(), time());
                case 33 -> new Event.ClusterRestored(time(), time(), time(), random.nextBoolean(),
                        time());
                case 34 -> new Event.AgentCompared(row(), row(), many(this::time), time());
                case 35 -> new Event.RestoreConfirmed(random.nextBoolean(), time());
                case 36 -> new Event.ScalingSet(app(), Policies.draw(random), row(), time());
                case 37 -> new Event.ScalingRemoved(app(), time());
                case 38 -> {
                    TreeMap<String, String> numbers = new TreeMap<>();
                    many(() -> numbers.put(text(), text()) == null);
                    yield new Event.AppScaled(app(), row(), row(),
                            new ScalingReason("k" + text(), text(), numbers), time());
                }
                case 39 -> new Event.InstancesPromoted(many(this::time), time());
                default -> throw new IllegalArgumentException("draw this kind too: " + kind);
            };
        }

        private DeploymentAction action() {
            return new DeploymentAction(app(), one(DeploymentAction.Kind.values()), time(), time());
        }

        private Delivery delivery() {
            return new Delivery(many(this::text), random.nextBoolean(),
                    one(Delivery.Strategy.values()),
                    many(() -> new Delivery.Stage(random.nextInt(-1, 9), random.nextInt(1_000_001),
                            random.nextInt(-1, 9))),
                    random.nextBoolean(), time(), random.nextBoolean(),
                    new Delivery.Guard(row(), time()));
        }

        private AppVersion version() {
            long first = random.nextLong(1_000_000);
            return new AppVersion(
                    new AppSpec(app(), text(), random.nextInt(AppSpec.INSTANCES_MAX + 1),
                            new Shape(resources(), many(() -> 0), one(RuntimeKind.values()),
                                    one(PlacementPolicy.values()), rules()),
                            new Backoff(first, 1_000_000 + first, first),
                            new Upgrade(random.nextInt(1_000_001), random.nextInt(1_000_001),
                                    random.nextInt(-1, 9), random.nextInt(-1, 9)),
                            one(KillSelection.values()),
                            new Unreachable(random.nextBoolean(), first, first + row()), time(),
                            random.nextBoolean(), many(() -> random.nextInt(65_536)),
                            one(RunKind.values()), delivery()),
                    time(), time(), time());
        }

        private Rules rules() {
            return new Rules(
                    many(this::constraint),
                    "r" + text(), one(Rules.RoleUse.values()), random.nextInt(-1_000, 1_001),
                    one(ServiceClass.values()), random.nextInt(1_000_001),
                    new Preferences(text(), random.nextInt(101), random.nextInt(101),
                            random.nextInt(101),
                            many(() -> new Preferences.Attribute("f" + text(), text(),
                                    random.nextInt(-100, 101))),
                            many(() -> new Preferences.Neighbour(app(),
                                    one(Preferences.Scope.values()), random.nextInt(1, 101),
                                    random.nextBoolean()))));
        }

        private Constraint constraint() {
            Constraint.Operator operator = one(Constraint.Operator.values());
            return new Constraint("f" + text(), operator, switch (operator) {
                case UNIQUE -> "";
                case MAX_PER, GROUP_BY -> Integer.toString(row());
                case CLUSTER, LIKE, UNLIKE, IS -> text();
            });
        }

        private RoleSpec role() {
            return new RoleSpec("r" + text(), random.nextInt(1, 1_001), Resources.NONE,
                    random.nextBoolean() ? Optional.of(amounts()) : Optional.empty(),
                    random.nextBoolean() ? Optional.of("s" + text()) : Optional.empty());
        }

        private AgentSpec agent() {
            TreeMap<String, String> attributes = new TreeMap<>();
            many(() -> attributes.put(text(), text()) == null);
            int port = random.nextInt(1, 60_000);
            TreeMap<String, Resources> reservations = new TreeMap<>();
            many(() -> reservations.put(text(), amounts()));
            return new AgentSpec(new AgentId("a" + text()), random.nextLong(), text(), text(),
                    text(), text(), attributes,
                    new Resources(time() >>> 24, row(), row(), random.nextInt(17)),
                    List.of(new PortRange(port, port), new PortRange(port + 2, port + 1_000)),
                    random.nextInt(4), reservations);
        }

        private Resources amounts() {
            return new Resources(random.nextLong(Resources.AMOUNT_MAX + 1), row(), row(), row());
        }

        private Resources resources() {
            int gpus = random.nextInt(2) * row();
            return new Resources(random.nextLong(Resources.AMOUNT_MAX + 1), row(), row(), gpus,
                    gpus == 0 ? random.nextInt(1_000) : 0);
        }

        private InstanceStatus status() {
            return new InstanceStatus(time(), one(Condition.values()), random.nextInt(), text(),
                    text(), one(Health.values()), row(), random.nextBoolean(),
                    many(() -> new PartStatus(text(), one(Condition.values()), random.nextInt(),
                            text(), one(Health.values()))),
                    random.nextBoolean()
                            ? Optional.of(new Readiness(random.nextBoolean(), row(), text(),
                                    text()))
                            : Optional.empty(),
                    random.nextBoolean()
                            ? Optional.of(new CheckResult(one(CheckResult.Kind.values()),
                                    random.nextInt()))
                            : Optional.empty());
        }

        private Rejections rejections() {
            return new Rejections(row(), IntStream.range(0, Rejection.values().length)
                    .map(i -> row()).toArray(), ints(),
                    random.nextBoolean()
                            ? Optional.of(new Rejections.Closest(text(), one(Rejection.values()),
                                    time()))
                            : Optional.empty());
        }

        private Upkeep upkeep() {
            Upkeep.Mode mode = one(Upkeep.Mode.values());
            return new Upkeep(mode, time(), mode == Upkeep.Mode.DRAINING ? time() : 0);
        }

        private AppId app() {
            return new AppId("/" + random.nextInt(100) + text());
        }

        private long time() {
            return random.nextLong() >>> random.nextInt(1, 63);
        }

        private int row() {
            return random.nextInt(1 << random.nextInt(1, 30));
        }

        private int[] ints() {
            return IntStream.range(0, random.nextInt(20)).map(i -> row()).toArray();
        }

        private String text() {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                text.appendCodePoint(
                        "aZ/ \n\u00e9\u79d2\ud83c\udf0a".codePointAt(random.nextInt(7)));
            }
            return text.toString();
        }

        private <T> T one(T[] constants) {
            return constants[random.nextInt(constants.length)];
        }

        private <T> List<T> many(Supplier<T> drawn) {
            List<T> items = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                items.add(drawn.get());
            }
            return items;
        }
    }
}
