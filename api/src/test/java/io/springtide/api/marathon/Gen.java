package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Draws apps that keep every rule of {@link #SETTINGS}; a seed gives the same app for ever. */
final class Gen {

    static final ServerSettings SETTINGS = new ServerSettings(Set.of(ServerSettings.SECRETS,
            ServerSettings.GPU_RESOURCES, ServerSettings.EXTERNAL_VOLUMES), "dev",
            Optional.empty());

    private static final List<String> TEXTS = List.of("x y", "ä\uD83C\uDF0A",
            "\"quoted\" \\ 'and' \n", "{}", "a=b,c",
            "0", "null", " ", "$HOST:$PORT0");

    private final SplittableRandom random;

    private Gen(long seed) {
        random = new SplittableRandom(seed);
    }

    static App app(long seed) {
        return new Gen(seed).app();
    }

    private App app() {
        int kind = random.nextInt(3);
        boolean host = kind == 0;
        Map<String, Secret> secrets = map(() -> new Secret(text()));
        secrets.put("known", new Secret("/s"));
        Optional<Container> container = host
                ? maybe(() -> container(true, false))
                : Optional.of(container(false, kind == 1));
        boolean docker = container.isPresent() && container.get().type() == Container.Type.DOCKER;
        boolean image = container.flatMap(Container::docker).isPresent();
        Resources resources = resources(docker);
        Network network = switch (kind) {
            case 0 -> new Network(Network.Mode.HOST, Optional.empty(), Map.of());
            case 1 -> new Network(Network.Mode.BRIDGE, Optional.empty(), map(this::text));
            default -> new Network(Network.Mode.CONTAINER, Optional.of("net"), map(this::text));
        };
        List<PortDefinition> ports = new ArrayList<>();
        for (int i = host ? random.nextInt(3) : 0; i > 0; i--) {
            ports.add(new PortDefinition(flip() ? 0 : 1000 * i, pick(PortProtocol.values()),
                    i == 1 ? Optional.of("one") : Optional.empty(), map(this::text)));
        }
        boolean resident = container.stream().flatMap(c -> c.volumes().stream())
                .anyMatch(Volume.Persistent.class::isInstance);
        return new App(new PathId(flip() ? "/a" : "/dev/b-1.c/d"), random.nextInt(100),
                launch(image, secrets),
                resources, new Networking(List.of(network), ports, host && flip()), container,
                checks(docker, ports.stream().anyMatch(p -> p.name().isPresent())),
                placement(resident),
                rollout(resident), map(this::text),
                list(() -> new PathId(flip() ? "/x" : "/y/z")));
    }

    private Launch launch(boolean image, Map<String, Secret> secrets) {
        boolean none = image && flip();
        boolean cmd = flip();
        Map<String, EnvValue> env = map(
                () -> flip() ? new EnvValue.Text(text()) : new EnvValue.SecretRef("known"));
        return new Launch(none || !cmd ? Optional.empty() : Optional.of("run " + text()),
                none || cmd ? List.of() : List.of("program", text()), maybe(this::text), env,
                list(() -> new Fetch("http://host/file", flip(), flip(), flip(),
                        maybe(this::text))),
                secrets,
                pick("", "//cmd", "/opt/run"), maybeInt(), maybe(this::flip));
    }

    private Resources resources(boolean docker) {
        double cpus = random.nextInt(1, 64) * 0.1;
        double mem = random.nextInt(1, 1 << 20) / 8.0;
        return new Resources(cpus, mem, random.nextInt(100), docker ? 0 : random.nextInt(3),
                maybe(() -> new Resources.Limits(
                        maybe(() -> new Resources.Limit.AtMost(cpus + 0.5)),
                        maybe(Resources.Limit.Unlimited::new))),
                maybe(() -> new Resources.ExecutorResources(random.nextDouble(), random.nextInt(99),
                        0)));
    }

    private Container container(boolean host, boolean bridge) {
        Container.Type type = pick(Container.Type.values());
        boolean docker = type == Container.Type.DOCKER;
        Optional<DockerContainer> image = docker || flip()
                ? Optional.of(new DockerContainer("image:" + random.nextInt(9), flip(), flip(),
                        docker ? list(() -> new DockerContainer.Parameter("k", text())) : List.of(),
                        docker ? Optional.empty() : maybe(() -> "known")))
                : Optional.empty();
        List<PortMapping> mappings = host
                ? List.of()
                : list(() -> new PortMapping(random.nextInt(65_536),
                        bridge ? OptionalInt.of(random.nextInt(65_536)) : maybeInt(),
                        random.nextInt(65_536),
                        pick(PortProtocol.values()), Optional.empty(), map(this::text),
                        bridge || flip() ? List.of() : List.of("net")));
        return new Container(type, image, mappings, list(() -> volume(docker)),
                maybe(this::linuxInfo));
    }

    private Volume volume(boolean docker) {
        Volume.Mode mode = pick(Volume.Mode.values());
        return switch (random.nextInt(4)) {
            case 0 -> new Volume.Host("/in", "/out", mode);
            case 1 -> new Volume.SecretFile("/secret", "known");
            case 2 -> new Volume.Persistent("data", Volume.Mode.RW, Volume.DiskType.MOUNT, 10L,
                    flip() ? OptionalLong.of(1L << 40) : OptionalLong.empty(), maybe(() -> "fast"),
                    list(() -> new Constraint("path", Constraint.Operator.LIKE,
                            Optional.of("/mnt/.+"))));
            default ->
                new Volume.External("/ext", mode, "dvdi", Optional.of("n" + random.nextLong()),
                        docker ? OptionalInt.empty() : maybeInt(),
                        "{\"a\":{\"b\":[1]},\"dvdi/driver\":\"r\"}", flip());
        };
    }

    private LinuxInfo linuxInfo() {
        boolean named = flip();
        return new LinuxInfo(
                maybe(() -> new LinuxInfo.Seccomp(named ? Optional.of("p") : Optional.empty(),
                        !named)),
                maybe(() -> new LinuxInfo.Ipc(LinuxInfo.IpcMode.PRIVATE, maybeInt())));
    }

    private Checks checks(boolean docker, boolean port) {
        List<HealthCheck> health = flip()
                ? List.of()
                : List.of(new HealthCheck(HealthCheck.Protocol.TCP, maybe(this::text),
                        OptionalInt.of(80),
                        OptionalInt.empty(), Optional.empty(), random.nextInt(9), random.nextInt(9),
                        random.nextInt(9), random.nextInt(9), random.nextInt(9), flip(),
                        HealthCheck.IpProtocol.IPV4),
                        new HealthCheck(HealthCheck.Protocol.COMMAND, Optional.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty(), Optional.of("c" + text()), 1, 2, 3, 4, 5,
                                flip(),
                                HealthCheck.IpProtocol.IPV4));
        Optional<Check> check = docker
                ? Optional.empty()
                : maybe(() -> new Check(probe(), random.nextInt(9), random.nextInt(9),
                        random.nextInt(9)));
        List<ReadinessCheck> readiness = port && flip()
                ? List.of(new ReadinessCheck("ready", pick(ReadinessCheck.Protocol.values()), "/r",
                        "one", 9, 8,
                        list(() -> 200 + random.nextInt(99)), flip()))
                : List.of();
        return new Checks(health, check, readiness);
    }

    private Check.Probe probe() {
        return switch (random.nextInt(4)) {
            case 0 ->
                new Check.Probe.Http(OptionalInt.empty(), OptionalInt.of(80), maybe(this::text),
                        pick(Check.Scheme.values()));
            case 1 -> new Check.Probe.Tcp(OptionalInt.empty(), OptionalInt.of(81));
            case 2 -> new Check.Probe.Shell("s" + text());
            default -> new Check.Probe.Argv(List.of("p", text()));
        };
    }

    private Placement placement(boolean resident) {
        List<Constraint> constraints = list(
                () -> new Constraint("rack", Constraint.Operator.GROUP_BY,
                        maybe(() -> "" + random.nextInt(9))));
        return new Placement(constraints, "dev",
                resident ? List.of("*") : flip() ? List.of() : List.of("dev", "*"),
                resident || flip()
                        ? Optional.of(new Placement.Residency(random.nextInt(9),
                                pick(Placement.TaskLostBehavior.values())))
                        : Optional.empty(),
                flip() ? PlacementTerms.NONE : terms());
    }

    private PlacementTerms terms() {
        return new PlacementTerms(maybe(() -> pick(PlacementTerms.Policy.values())),
                maybe(() -> "tight-2"), maybe(() -> pick(PlacementTerms.ServiceClass.values())),
                flip() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(-1000, 1001)),
                flip() ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble()),
                OptionalDouble.empty(),
                maybe(() -> new PlacementTerms.Spread(random.nextInt(101), 0, 100)),
                list(() -> new PlacementTerms.Preference("ssd", text(), 1 + random.nextInt(100))),
                list(this::neighbour), list(this::neighbour));
    }

    private PlacementTerms.Neighbour neighbour() {
        return new PlacementTerms.Neighbour(new PathId("/db/x"),
                pick(PlacementTerms.Scope.values()), 1 + random.nextInt(100), flip());
    }

    private Rollout rollout(boolean resident) {
        int inactive = random.nextInt(1000);
        return new Rollout(
                new Rollout.Backoff(random.nextInt(9), 1 + random.nextDouble(), random.nextInt(9)),
                new Rollout.UpgradeStrategy(random.nextDouble(),
                        resident ? 0 : random.nextDouble()),
                resident || flip()
                        ? new Rollout.UnreachableStrategy.Disabled()
                        : new Rollout.UnreachableStrategy.After(inactive,
                                inactive + random.nextInt(9)),
                pick(Rollout.KillSelection.values()),
                flip() ? RolloutTerms.NONE : rolloutTerms(resident));
    }

    private RolloutTerms rolloutTerms(boolean resident) {
        boolean blueGreen = !resident && flip();
        OptionalInt deadline = maybeCount();
        return new RolloutTerms(
                blueGreen
                        ? Optional.of(RolloutTerms.Strategy.BLUE_GREEN)
                        : maybe(() -> RolloutTerms.Strategy.ROLLING),
                blueGreen ? List.of() : stages(),
                blueGreen ? maybe(() -> pick(RolloutTerms.Promote.values())) : Optional.empty(),
                maybeCount(), resident ? OptionalInt.empty() : maybeCount(), deadline,
                deadline.isPresent()
                        ? maybe(() -> pick(RolloutTerms.OnDeadline.values()))
                        : Optional.empty(),
                maybe(() -> new RolloutTerms.FailureLimit(1 + random.nextInt(9),
                        1 + random.nextInt(999))));
    }

    private List<RolloutTerms.Stage> stages() {
        List<RolloutTerms.Stage> stages = new ArrayList<>();
        for (int i = 1; i <= random.nextInt(5); i++) {
            stages.add(new RolloutTerms.Stage(
                    flip()
                            ? new RolloutTerms.Size.Instances(i * 3)
                            : new RolloutTerms.Size.Percent(i * 20),
                    pick(new RolloutTerms.Pause.None(), new RolloutTerms.Pause.UntilPromoted(),
                            new RolloutTerms.Pause.Seconds(i))));
        }
        return stages;
    }

    private OptionalInt maybeCount() {
        return flip() ? OptionalInt.of(1 + random.nextInt(1000)) : OptionalInt.empty();
    }

    private boolean flip() {
        return random.nextBoolean();
    }

    private String text() {
        return pick(TEXTS.toArray(String[]::new));
    }

    @SafeVarargs
    private final <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    private <T> Optional<T> maybe(Supplier<? extends T> value) {
        return flip() ? Optional.of(value.get()) : Optional.empty();
    }

    private OptionalInt maybeInt() {
        return flip() ? OptionalInt.of(random.nextInt(65_536)) : OptionalInt.empty();
    }

    private <T> List<T> list(Supplier<T> item) {
        List<T> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(item.get());
        }
        return items;
    }

    private <T> Map<String, T> map(Supplier<T> item) {
        Map<String, T> items = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.put("key " + random.nextInt(9) + text(), item.get());
        }
        return items;
    }
}
