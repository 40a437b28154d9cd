package io.springtide.master.traffic;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Readiness;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.view.CommittedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The real core, the committed state, and the traffic of a reign, on one thread and in stepped time. */
final class TrafficWorld {

    static final long EPOCH = 7;

    final SteppedTiming timing = new SteppedTiming();
    final CommittedState view = new CommittedState(new ClusterState(), 0);
    final FakeDriver driver = new FakeDriver();
    final List<Long> released = new ArrayList<>();
    Traffic traffic;
    private final SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
    private final Set<String> agents = new HashSet<>();
    private long nowMs = 1_700_000_000_000L;
    private long seq;

    TrafficWorld() {
        this(true);
    }

    TrafficWorld(boolean driven) {
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        traffic = reign(EPOCH, driven ? List.of(driver) : List.of());
    }

    /** A new leader's. */
    Traffic reign(long epoch, List<TrafficDriver> drivers) {
        Traffic next = new Traffic(epoch, drivers, new ServiceReader(), timing,
                InstantSource.fixed(Instant.ofEpochMilli(nowMs)));
        view.listen(next);
        next.onRelease(released::addAll);
        next.begin(view);
        traffic = next;
        return next;
    }

    Answer command(Command command) {
        nowMs += 10;
        Decision decision = core.decide(command, nowMs);
        apply(decision.events());
        List<Event> follow = core.decide(new Command.Settle(), nowMs).events();
        while (!follow.isEmpty()) {
            apply(follow);
            follow = core.decide(new Command.Settle(), nowMs).events();
        }
        view.batchEnd();
        return decision.answer();
    }

    private void apply(List<Event> facts) {
        facts.forEach(core::apply);
        view.advance(facts);
    }

    // ------------------------------------------------------------ what is there

    void agent(String name) {
        agents.add(name);
        agent(name, List.of());
    }

    /** An agent comes with so much. */
    void agent(String name, List<Long> held) {
        command(new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, name + ".example",
                "eu", "a", "r1", new TreeMap<>(), new Resources(64_000_000, 64_000_000, 64_000, 0),
                List.of(new PortRange(10_000, 65_000)), 3), held));
    }

    /** An app with one port and these labels. */
    AppSpec spec(String id, int instances, Map<String, String> labels, boolean checked,
            boolean readiness, String variant) {
        return spec(id, instances, labels, checked, readiness, variant, 1);
    }

    /** An app with so many ports. */
    AppSpec spec(String id, int instances, Map<String, String> labels, boolean checked,
            boolean readiness, String variant, int ports) {
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) -> text.append(text.isEmpty() ? "" : ",").append('"')
                .append(name).append("\":\"").append(value).append('"'));
        App app = app("{\"id\":\"" + id + "\",\"cmd\":\"serve " + variant
                + "\",\"portDefinitions\":["
                + String.join(",", Collections.nCopies(ports, "{\"port\":0}"))
                + "],\"labels\":{" + text + "}}");
        Delivery plain = Delivery.PLAIN;
        return new AppSpec(new AppId(id), AppWriter.definition(app), instances,
                new Shape(new Resources(100, 32, 0, 0), Collections.nCopies(ports, 0),
                        RuntimeKind.PROCESS, PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DEFAULT, 3_000, checked,
                IntStream.range(0, ports).mapToObj(i -> 10_007 + i).toList(), RunKind.APP,
                new Delivery(plain.dependencies(), readiness, plain.strategy(), plain.canary(),
                        plain.promoteByHand(), plain.deadlineMs(), plain.backAtDeadline(),
                        plain.guard()));
    }

    static App app(String json) {
        try {
            return new AppReader(ServerSettings.DEFAULTS).read(new ObjectMapper().readTree(json));
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    void submit(AppSpec spec) {
        Answer answer = command(new Command.SubmitApps(
                List.of(new Command.AppChange(spec, Command.AppChange.ANY)), true));
        if (answer instanceof Answer.Refused refused) {
            throw new AssertionError(refused.detail());
        }
    }

    /** A served app without checks. */
    void served(String id, int instances) {
        submit(spec(id, instances, Map.of("TIDE_0_HOST", "shop.example"), false, false, "1"));
    }

    List<Long> instances(String app) {
        return view.read(state -> {
            List<Long> numbers = new ArrayList<>();
            state.app(new AppId(app)).ifPresent(one -> {
                for (int i = 0; i < one.instances().size(); i++) {
                    numbers.add(one.instances().get(i).number());
                }
            });
            return numbers;
        });
    }

    Instance instance(long number) {
        return view.read(state -> state.instance(number)).orElseThrow();
    }

    /** All instances of an app say the same. */
    void report(String app, Condition condition, Health health) {
        for (long number : instances(app)) {
            report(number, condition, health, Optional.empty());
        }
    }

    void run(String app) {
        report(app, Condition.RUNNING, Health.UNKNOWN);
        timing.pass(20);
    }

    /** All run, by one report of each agent: many are too many to be told of one by one. */
    void runAtOnce(String app) {
        Map<AgentId, List<InstanceStatus>> byAgent = new LinkedHashMap<>();
        view.read(state -> {
            for (long number : instances(app)) {
                AgentId agent = state.agents()
                        .spec(state.instance(number).orElseThrow().agentRow()).id();
                byAgent.computeIfAbsent(agent, unused -> new ArrayList<>())
                        .add(new InstanceStatus(number, Condition.RUNNING, -1, "", "",
                                Health.UNKNOWN, 0, false));
            }
            return byAgent;
        });
        byAgent.forEach((agent, statuses) -> command(
                new Command.ReportStatuses(agent, 1, ++seq, statuses)));
        timing.pass(20);
    }

    void report(long number, Condition condition, Health health, Optional<Readiness> readiness) {
        Optional<AgentId> agent = view.read(state -> state.instance(number)
                .map(one -> state.agents().spec(one.agentRow()).id()));
        command(new Command.ReportStatuses(agent.orElseThrow(), 1, ++seq,
                List.of(new InstanceStatus(number, condition, condition.terminal() ? 1 : -1, "",
                        "", health, health == Health.DEAD ? 1 : 0, false, List.of(), readiness,
                        Optional.empty()))));
    }

    // ------------------------------------------------------------ what is told

    Service service(String id) {
        return driver.last().services().stream().filter(one -> one.id().equals(id)).findFirst()
                .orElseThrow();
    }

    /** Instances of a service to which new requests go. */
    List<Long> open(String id) {
        return service(id).endpoints().stream().filter(Endpoint::open).map(Endpoint::instance)
                .toList();
    }

    List<Long> draining(String id) {
        return service(id).endpoints().stream().filter(Endpoint::draining).map(Endpoint::instance)
                .toList();
    }
}
