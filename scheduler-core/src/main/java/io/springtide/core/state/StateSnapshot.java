package io.springtide.core.state;

import io.springtide.core.codec.DeliveryCodec;
import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.codec.ModelCodec;
import io.springtide.core.codec.RulesCodec;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.RoleSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The whole state as bytes and back. Two states that mean the same give the same bytes, whatever way
 * they came about; their hash is what masters compare.
 */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class StateSnapshot {

    private static final int FORMAT = 5;

    private StateSnapshot() {}

    public static byte[] encode(ClusterState state) {
        FactWriter out = new FactWriter(1 << 16);
        out.number(FORMAT);
        out.text(state.clusterId);
        out.number(state.instanceNext);
        out.number(state.deploymentNext);
        agents(out, state.agents);
        out.number(state.deployments.size());
        state.deployments.values().forEach(deployment -> DeliveryCodec.write(out, deployment));
        out.number(state.apps.size());
        state.apps.values().forEach(app -> app(out, app));
        List<RoleState> configured = state.roles.values().stream().filter(RoleState::configured)
                .toList();
        out.number(configured.size());
        configured.forEach(role -> RulesCodec.write(out, role.spec));
        out.number(state.healthStormMs);
        GroupsSnapshot.write(out, state);
        ChecksSnapshot.write(out, state);
        SilenceSnapshot.write(out, state);
        ScalingSnapshot.write(out, state);
        RestorationSnapshot.write(out, state.restoration);
        return out.toBytes();
    }

    /**
     * The state that the bytes hold.
     *
     * @throws IllegalArgumentException if they are damaged, or newer than this version understands
     */
    public static ClusterState decode(byte[] bytes) {
        FactReader in = new FactReader(bytes);
        long format = in.number();
        if (format < 1 || format > FORMAT) {
            throw new IllegalArgumentException(
                    "a snapshot of format " + format + ", written by a newer release;"
                            + " this one reads formats up to " + FORMAT);
        }
        boolean plain = format == 1;
        boolean flat = format < 3;
        boolean forgetful = format < 4;
        ClusterState state = new ClusterState();
        state.clusterId = in.text();
        state.instanceNext = in.number();
        state.deploymentNext = in.number();
        List<AgentRow> rows = readAgents(in, state.agents, plain);
        for (int i = in.count(); i > 0; i--) {
            Deployment deployment = DeliveryCodec.readDeployment(in, flat);
            state.deployments.put(deployment.number(), deployment);
        }
        for (int i = in.count(); i > 0; i--) {
            readApp(in, state, new Age(plain, flat, forgetful));
        }
        for (int i = plain ? 0 : in.count(); i > 0; i--) {
            RoleSpec spec = RulesCodec.readRole(in);
            state.role(spec.name()).spec = spec;
            state.role(spec.name()).configured = true;
        }
        if (!flat) {
            state.healthStormMs = in.number();
            GroupsSnapshot.read(in, state, forgetful);
        }
        if (format > 3) {
            ChecksSnapshot.read(in, state);
        }
        if (format >= 4) {
            SilenceSnapshot.read(in, state);
            if (format > 4) {
                ScalingSnapshot.read(in, state);
            }
            RestorationSnapshot.read(in, state.restoration);
        }
        // Ports are handed out in turn: where the turn stands must not depend on the instances read above.
        rows.forEach(row -> state.agents.ports(row.row).cursor(row.cursor));
        state.touchAll();
        return state;
    }

    /** Whether the bytes are in the format that {@link #encode} writes, not in that of an older release. */
    public static boolean newest(byte[] encoded) {
        return new FactReader(encoded).number() == FORMAT;
    }

    /** A number that differs, all but certainly, between states that differ. */
    public static long hash(byte[] encoded) {
        long hash = 0x9E3779B97F4A7C15L ^ encoded.length;
        int at = 0;
        for (; at + 8 <= encoded.length; at += 8) {
            long word = 0;
            for (int i = 0; i < 8; i++) {
                word = word << 8 | (encoded[at + i] & 0xFF);
            }
            hash = mix(hash ^ word);
        }
        for (; at < encoded.length; at++) {
            hash = mix(hash ^ encoded[at]);
        }
        return hash;
    }

    // Source: the finalizer of MurmurHash3, 64 bit.
    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 33;
    }

    private record AgentRow(int row, int cursor) {}

    private static void agents(FactWriter out, AgentTable agents) {
        texts(out, agents.places().names(false));
        texts(out, agents.places().names(true));
        out.number(agents.size());
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                out.number(row);
                ModelCodec.write(out, agents.spec(row));
                out.number(agents.condition(row).ordinal());
                out.number(agents.sinceMs(row));
                out.number(agents.registeredMs(row));
                out.number(agents.seq(row));
                out.number(agents.ports(row).cursor());
                RulesCodec.writeReservations(out, agents.spec(row).reservations());
                out.signed(agents.cpusUsedMilli()[row]);
                out.signed(agents.memUsedMib()[row]);
            }
        }
    }

    private static List<AgentRow> readAgents(FactReader in, AgentTable agents, boolean plain) {
        agents.places().restore(readTexts(in), readTexts(in));
        List<AgentRow> rows = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            int row = in.smallNumber();
            AgentSpec agent = ModelCodec.readAgent(in);
            AgentCondition condition = ModelCodec.pick(AgentCondition.values(), in);
            long sinceMs = in.number();
            long registeredMs = in.number();
            long seq = in.number();
            rows.add(new AgentRow(row, in.smallNumber()));
            agents.register(row,
                    plain ? agent : agent.withReservations(RulesCodec.readReservations(in)),
                    registeredMs);
            agents.condition(row, condition, sinceMs);
            agents.seq(row, seq);
            if (!plain) {
                agents.measured(row, in.signed(), in.signed());
            }
        }
        return rows;
    }

    private static void app(FactWriter out, AppState app) {
        out.number(app.versions.size());
        app.versions.values().forEach(version -> DeliveryCodec.write(out, version));
        out.number(app.current.versionMs());
        out.flag(app.leaving);
        out.number(app.deployment);
        out.number(app.delayMs);
        out.number(app.launchAfterMs);
        out.number(app.waitingSinceMs);
        out.number(app.missing);
        out.number(app.evicted);
        ModelCodec.write(out, app.rejections);
        RulesCodec.writeDetail(out, app.rejections);
        out.flag(app.lastFailure != null);
        if (app.lastFailure != null) {
            ModelCodec.write(out, app.lastFailure);
        }
        AppVersion planned = app.planned;
        out.number(planned == null ? 0 : planned.versionMs());
        out.flag(app.awaiting);
        DeliveryCodec.write(out, app.rollout);
        DeliveryCodec.write(out, app.weights);
        GroupsSnapshot.memory(out, app.memory);
        out.number(app.instances.size());
        for (int i = 0; i < app.instances.size(); i++) {
            instance(out, app.instances.get(i));
        }
    }

    /**
     * How old a format is.
     *
     * @param plain the first
     * @param flat up to the second
     * @param forgetful up to the third
     */
    private record Age(boolean plain, boolean flat, boolean forgetful) {}

    private static void readApp(FactReader in, ClusterState state, Age age) {
        boolean plain = age.plain();
        boolean flat = age.flat();
        TreeMap<Long, AppVersion> versions = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            AppVersion version = readVersion(in, plain, flat);
            versions.put(version.versionMs(), version);
        }
        AppState app = new AppState(version(versions, in.number()));
        app.versions.putAll(versions);
        app.leaving = in.flag();
        app.deployment = in.number();
        app.delayMs = in.number();
        app.launchAfterMs = in.number();
        app.waitingSinceMs = in.number();
        app.missing = in.smallNumber();
        app.evicted = plain ? 0 : in.smallNumber();
        Rejections rejections = ModelCodec.readRejections(in);
        app.rejections = plain ? rejections : RulesCodec.readDetail(in, rejections);
        if (in.flag()) {
            app.lastFailure = ModelCodec.readFailure(in);
        }
        if (!flat) {
            long plannedMs = in.number();
            app.planned = plannedMs == 0 ? null : version(versions, plannedMs);
            app.awaiting = in.flag();
            app.rollout = DeliveryCodec.readRollout(in);
            app.weights = DeliveryCodec.readWeights(in);
        }
        app.memory = GroupsSnapshot.readMemory(in, age.forgetful(), versions,
                AppState.VERSIONS_MAX);
        state.apps.put(new AppId(app.id.path()), app);
        state.noteDefinition(app);
        int count = in.count();
        app.instances.ensureRoomFor(count);
        for (int i = 0; i < count; i++) {
            Instance instance = readInstance(in, app, plain, flat);
            state.agents.retake(instance);
            state.role(instance.version.spec().shape().rules().role())
                    .charge(instance.version.spec().shape(), 1);
            app.instances.add(instance);
            state.instances.put(instance.number, instance);
            state.count(instance);
        }
    }

    private static AppVersion readVersion(FactReader in, boolean plain, boolean flat) {
        if (!flat) {
            return DeliveryCodec.readAppVersion(in);
        }
        AppVersion version = ModelCodec.readAppVersion(in);
        return plain ? version : RulesCodec.readRules(in, version);
    }

    private static AppVersion version(Map<Long, AppVersion> versions, long versionMs) {
        AppVersion version = versions.get(versionMs);
        if (version == null) {
            throw new IllegalArgumentException("a snapshot names a version that it does not hold");
        }
        return version;
    }

    private static void instance(FactWriter out, Instance instance) {
        out.number(instance.number);
        out.number(instance.version.versionMs());
        out.number(instance.agentRow);
        out.number(instance.ports.length);
        for (int port : instance.ports) {
            out.number(port);
        }
        out.number(instance.gpus);
        out.number(instance.placedMs);
        out.number(instance.goal.ordinal());
        out.number(instance.seen.ordinal());
        out.number(instance.health.ordinal());
        out.flag(instance.inactive);
        out.number(instance.stagedMs);
        out.number(instance.startedMs);
        out.number(instance.seenMs);
        out.number(instance.healthFailures);
        out.number(instance.healthMs);
        out.text(instance.ipAddress);
        out.flag(instance.exhausted);
        DeliveryCodec.write(out, instance.readiness);
        DeliveryCodec.writeParts(out, instance.parts);
    }

    private static Instance readInstance(FactReader in, AppState app, boolean plain,
            boolean flat) {
        long number = in.number();
        AppVersion version = version(app.versions, in.number());
        int row = in.smallNumber();
        int[] ports = new int[in.count()];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = in.smallNumber();
        }
        Instance instance = new Instance(number, app, version, row,
                ports.length == 0 ? Instance.NO_PORTS : ports, plain ? 0 : in.smallNumber(),
                in.number());
        instance.goal = ModelCodec.pick(Goal.values(), in);
        if (instance.standby()) {
            instance.spare = true;
            app.standbys++;
            app.spare++;
        }
        instance.seen = ModelCodec.pick(Condition.values(), in);
        instance.health = ModelCodec.pick(Health.values(), in);
        instance.inactive = in.flag();
        instance.stagedMs = in.number();
        instance.startedMs = in.number();
        instance.seenMs = in.number();
        instance.healthFailures = in.smallNumber();
        instance.healthMs = in.number();
        instance.ipAddress = in.text();
        if (!flat) {
            instance.exhausted = in.flag();
            app.ill += instance.exhausted ? 1 : 0;
            instance.readiness = DeliveryCodec.readReadiness(in);
            instance.parts = DeliveryCodec.readParts(in);
        }
        return instance;
    }

    private static void texts(FactWriter out, List<String> texts) {
        out.number(texts.size());
        texts.forEach(out::text);
    }

    private static List<String> readTexts(FactReader in) {
        List<String> texts = new ArrayList<>();
        for (int i = in.count(); i > 0; i--) {
            texts.add(in.text());
        }
        return texts;
    }
}
