package io.springtide.core.codec;

import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The nouns as bytes. A field is only ever added at the end of the whole it belongs to. */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class ModelCodec {

    private ModelCodec() {}

    public static void write(FactWriter out, AppVersion version) {
        AppSpec spec = version.spec();
        out.text(spec.id().path());
        out.text(spec.definition());
        out.number(spec.instances());
        write(out, spec.shape());
        out.number(spec.backoff().initialMs());
        out.number(spec.backoff().factorPpm());
        out.number(spec.backoff().maxMs());
        out.number(spec.upgrade().healthMinPpm());
        out.number(spec.upgrade().overMaxPpm());
        out.number(spec.killSelection().ordinal());
        out.flag(spec.unreachable().replaced());
        out.number(spec.unreachable().inactiveAfterMs());
        out.number(spec.unreachable().expungeAfterMs());
        out.number(spec.killGraceMs());
        out.flag(spec.healthChecked());
        writeInts(out, spec.servicePorts());
        out.number(version.versionMs());
        out.number(version.scaledMs());
        out.number(version.configuredMs());
    }

    public static AppVersion readAppVersion(FactReader in) {
        AppSpec spec = new AppSpec(new AppId(in.text()), in.text(), in.smallNumber(), readShape(in),
                new Backoff(in.number(), in.number(), in.number()),
                new Upgrade(in.smallNumber(), in.smallNumber()),
                pick(KillSelection.values(), in),
                new Unreachable(in.flag(), in.number(), in.number()), in.number(), in.flag(),
                readInts(in));
        return new AppVersion(spec, in.number(), in.number(), in.number());
    }

    private static void write(FactWriter out, Shape shape) {
        write(out, shape.resources());
        writeInts(out, shape.hostPorts());
        out.number(shape.runtime().ordinal());
        out.number(shape.policy().ordinal());
    }

    private static Shape readShape(FactReader in) {
        return new Shape(readResources(in), readInts(in), pick(RuntimeKind.values(), in),
                pick(PlacementPolicy.values(), in));
    }

    static void write(FactWriter out, Resources resources) {
        out.number(resources.cpusMilli());
        out.number(resources.memMib());
        out.number(resources.diskMib());
        out.number(resources.gpus());
    }

    static Resources readResources(FactReader in) {
        return new Resources(in.number(), in.number(), in.number(), in.smallNumber());
    }

    public static void write(FactWriter out, AgentSpec agent) {
        out.text(agent.id().name());
        out.fixed64(agent.incarnation());
        out.text(agent.hostname());
        out.text(agent.region());
        out.text(agent.site());
        out.text(agent.rack());
        out.number(agent.attributes().size());
        agent.attributes().forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
        write(out, agent.resources());
        out.number(agent.ports().size());
        for (PortRange range : agent.ports()) {
            out.number(range.first());
            out.number(range.last());
        }
        out.number(agent.runtimesMask());
    }

    public static AgentSpec readAgent(FactReader in) {
        AgentId id = new AgentId(in.text());
        long incarnation = in.fixed64();
        String hostname = in.text();
        String region = in.text();
        String site = in.text();
        String rack = in.text();
        SortedMap<String, String> attributes = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            attributes.put(in.text(), in.text());
        }
        return new AgentSpec(id, incarnation, hostname, region, site, rack, attributes,
                readResources(in),
                readList(in, part -> new PortRange(part.smallNumber(), part.smallNumber())),
                in.smallNumber());
    }

    public static void write(FactWriter out, InstanceStatus status) {
        out.number(status.instance());
        out.number(status.condition().ordinal());
        out.signed(status.exitCode());
        out.text(status.message());
        out.text(status.ipAddress());
        out.number(status.health().ordinal());
        out.number(status.healthFailures());
        out.flag(status.exhausted());
    }

    public static InstanceStatus readStatus(FactReader in) {
        return new InstanceStatus(in.number(), pick(Condition.values(), in), (int) in.signed(),
                in.text(),
                in.text(), pick(Health.values(), in), in.smallNumber(), in.flag());
    }

    public static void write(FactWriter out, TaskFailure failure) {
        out.number(failure.instance());
        out.text(failure.hostname());
        out.text(failure.agent());
        out.number(failure.condition().ordinal());
        out.signed(failure.exitCode());
        out.text(failure.message());
        out.number(failure.atMs());
        out.number(failure.versionMs());
    }

    public static TaskFailure readFailure(FactReader in) {
        return new TaskFailure(in.number(), in.text(), in.text(), pick(Condition.values(), in),
                (int) in.signed(), in.text(), in.number(), in.number());
    }

    public static void write(FactWriter out, Rejections rejections) {
        out.number(rejections.agents());
        writeInts(out, rejections.counts());
    }

    public static Rejections readRejections(FactReader in) {
        int agents = in.smallNumber();
        List<Integer> counts = new ArrayList<>(readInts(in));
        // A later version may know more reasons than the one that wrote this.
        while (counts.size() < Rejection.values().length) {
            counts.add(0);
        }
        return new Rejections(agents, counts, List.of(), Optional.empty());
    }

    static void writeInts(FactWriter out, List<Integer> values) {
        out.number(values.size());
        for (int value : values) {
            out.number(value);
        }
    }

    static List<Integer> readInts(FactReader in) {
        return readList(in, FactReader::smallNumber);
    }

    static <T> List<T> readList(FactReader in, Function<FactReader, T> read) {
        int count = in.count();
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(read.apply(in));
        }
        return values;
    }

    /** The constant that stands at the place the next number names. */
    public static <T> T pick(T[] constants, FactReader in) {
        int ordinal = in.smallNumber();
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new IllegalArgumentException("a constant this version does not know: " + ordinal);
        }
        return constants[ordinal];
    }
}
