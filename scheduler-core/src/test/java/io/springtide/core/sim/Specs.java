package io.springtide.core.sim;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Small apps and agents for tests, changed one property at a time. */
public final class Specs {

    private Specs() {}

    /** One processor, 512 MiB and one host port each. */
    public static App app(String path, int instances) {
        return new App(new AppSpec(new AppId(path), "v1", instances,
                new Shape(new Resources(1_000, 512, 0, 0), List.of(0), RuntimeKind.PROCESS,
                        PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT,
                3_000, false, List.of(0)));
    }

    /** Four processors, 8 GiB, ports 31000-31099, all kinds of tasks. */
    public static AgentSpec agent(String name, String site, String rack) {
        return agent(name, site, rack, new Resources(4_000, 8_192, 10_000, 0),
                List.of(new PortRange(31_000, 31_099)));
    }

    /** An agent with these resources. */
    public static AgentSpec agent(String name, String site, String rack, Resources resources,
            List<PortRange> ports) {
        return new AgentSpec(new AgentId(name), 1, name + ".example", "region", site, rack,
                new TreeMap<>(Map.of("zone", site)), resources, ports,
                RuntimeKind.PROCESS.bit() | RuntimeKind.DOCKER.bit());
    }

    /** The same agent with a new data folder. */
    public static AgentSpec wiped(AgentSpec agent) {
        return new AgentSpec(agent.id(), agent.incarnation() + 1, agent.hostname(), agent.region(),
                agent.site(), agent.rack(), agent.attributes(), agent.resources(), agent.ports(),
                agent.runtimesMask());
    }

    /** The same agent with other resources and ports. */
    public static AgentSpec resized(AgentSpec agent, Resources resources, List<PortRange> ports) {
        return new AgentSpec(agent.id(), agent.incarnation(), agent.hostname(), agent.region(),
                agent.site(), agent.rack(), agent.attributes(), resources, ports,
                agent.runtimesMask());
    }

    /** The same agent with other runtimes. */
    public static AgentSpec running(AgentSpec agent, int runtimesMask) {
        return new AgentSpec(agent.id(), agent.incarnation(), agent.hostname(), agent.region(),
                agent.site(), agent.rack(), agent.attributes(), agent.resources(), agent.ports(),
                runtimesMask);
    }

    /** An app on its way to be what a test needs. */
    public record App(AppSpec spec) {

        /** What goes without saying does not change. */
        private App keep(AppSpec next) {
            return new App(next.with(spec.kind(), spec.delivery()));
        }

        public App delivery(Delivery delivery) {
            return new App(spec.with(spec.kind(), delivery));
        }

        public App after(String... paths) {
            return delivery(spec.delivery().withDependencies(paths));
        }

        public App canary(Delivery.Stage... stages) {
            return delivery(spec.delivery().withCanary(stages));
        }

        public App readinessChecked() {
            Delivery now = spec.delivery();
            return delivery(new Delivery(now.dependencies(), true, now.strategy(), now.canary(),
                    now.promoteByHand(), now.deadlineMs(), now.backAtDeadline(), now.guard()));
        }

        public App blueGreen(boolean byHand) {
            Delivery now = spec.delivery();
            return delivery(new Delivery(now.dependencies(), now.readinessChecked(),
                    Delivery.Strategy.BLUE_GREEN, List.of(), byHand, now.deadlineMs(),
                    now.backAtDeadline(), now.guard()));
        }

        public App deadline(long ms, boolean back) {
            Delivery now = spec.delivery();
            return delivery(new Delivery(now.dependencies(), now.readinessChecked(),
                    now.strategy(), now.canary(), now.promoteByHand(), ms, back, now.guard()));
        }

        public App guard(int failures, long windowMs) {
            Delivery now = spec.delivery();
            return delivery(new Delivery(now.dependencies(), now.readinessChecked(),
                    now.strategy(), now.canary(), now.promoteByHand(), now.deadlineMs(),
                    now.backAtDeadline(), new Delivery.Guard(failures, windowMs)));
        }

        public App definition(String text) {
            return keep(new AppSpec(spec.id(), text, spec.instances(), spec.shape(),
                    spec.backoff(), spec.upgrade(), spec.killSelection(), spec.unreachable(),
                    spec.killGraceMs(), spec.healthChecked(), spec.servicePorts()));
        }

        public App instances(int count) {
            return new App(spec.withInstances(count));
        }

        public App shape(Shape shape) {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), shape,
                    spec.backoff(), spec.upgrade(), spec.killSelection(), spec.unreachable(),
                    spec.killGraceMs(), spec.healthChecked(), spec.servicePorts()));
        }

        public App resources(Resources resources) {
            return shape(new Shape(resources, spec.shape().hostPorts(), spec.shape().runtime(),
                    spec.shape().policy(), spec.shape().rules()));
        }

        public App cpus(long cpusMilli) {
            return resources(new Resources(cpusMilli, 512, 0, 0));
        }

        public App hostPorts(Integer... ports) {
            return shape(new Shape(spec.shape().resources(), List.of(ports), spec.shape().runtime(),
                    spec.shape().policy(), spec.shape().rules()));
        }

        public App policy(PlacementPolicy policy) {
            return shape(new Shape(spec.shape().resources(), spec.shape().hostPorts(),
                    spec.shape().runtime(), policy, spec.shape().rules()));
        }

        public App runtime(RuntimeKind runtime) {
            return shape(new Shape(spec.shape().resources(), spec.shape().hostPorts(), runtime,
                    spec.shape().policy(), spec.shape().rules()));
        }

        public App rules(Rules rules) {
            return shape(spec.shape().withRules(rules));
        }

        public App constraints(Constraint... constraints) {
            return rules(spec.shape().rules().withConstraints(constraints));
        }

        public App backoff(Backoff backoff) {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), spec.shape(),
                    backoff, spec.upgrade(), spec.killSelection(), spec.unreachable(),
                    spec.killGraceMs(), spec.healthChecked(), spec.servicePorts()));
        }

        public App upgrade(double healthMin, double overMax) {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), spec.shape(),
                    spec.backoff(),
                    new Upgrade((int) Math.round(healthMin * 1e6), (int) Math.round(overMax * 1e6)),
                    spec.killSelection(), spec.unreachable(), spec.killGraceMs(),
                    spec.healthChecked(), spec.servicePorts()));
        }

        public App kills(KillSelection selection) {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), spec.shape(),
                    spec.backoff(), spec.upgrade(), selection, spec.unreachable(),
                    spec.killGraceMs(), spec.healthChecked(), spec.servicePorts()));
        }

        public App unreachable(Unreachable unreachable) {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), spec.shape(),
                    spec.backoff(), spec.upgrade(), spec.killSelection(), unreachable,
                    spec.killGraceMs(), spec.healthChecked(), spec.servicePorts()));
        }

        public App healthChecked() {
            return keep(new AppSpec(spec.id(), spec.definition(), spec.instances(), spec.shape(),
                    spec.backoff(), spec.upgrade(), spec.killSelection(), spec.unreachable(),
                    spec.killGraceMs(), true, spec.servicePorts()));
        }

        public App servicePorts(Integer... ports) {
            return new App(spec.withServicePorts(List.of(ports)));
        }

        /** The command that makes it so. */
        public Command.SubmitApps submit() {
            return submit(false);
        }

        /** The same, cancelling what is in the way. */
        public Command.SubmitApps force() {
            return submit(true);
        }

        private Command.SubmitApps submit(boolean force) {
            return new Command.SubmitApps(
                    List.of(new Command.AppChange(spec, Command.AppChange.ANY)), force);
        }
    }
}
