package io.springtide.core.codec;

import io.springtide.core.Check;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PartStatus;
import io.springtide.core.model.Readiness;
import io.springtide.core.model.RolloutState;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.Upgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What groups, pods and deployments in steps have added to the nouns. It stands behind the fields that
 * came before it, so that facts written without it are still understood.
 */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class DeliveryCodec {

    private DeliveryCodec() {}

    /** A whole version, with what {@link ModelCodec} and {@link RulesCodec} leave out. */
    public static void write(FactWriter out, AppVersion version) {
        ModelCodec.write(out, version);
        RulesCodec.write(out, version.spec().shape());
        AppSpec spec = version.spec();
        out.number(spec.kind().ordinal());
        out.signed(spec.upgrade().healthMinCount());
        out.signed(spec.upgrade().overMaxCount());
        Delivery delivery = spec.delivery();
        texts(out, delivery.dependencies());
        out.flag(delivery.readinessChecked());
        out.number(delivery.strategy().ordinal());
        out.number(delivery.canary().size());
        for (Delivery.Stage stage : delivery.canary()) {
            out.signed(stage.instances());
            out.number(stage.ppm());
            out.signed(stage.pauseMs());
        }
        out.flag(delivery.promoteByHand());
        out.number(delivery.deadlineMs());
        out.flag(delivery.backAtDeadline());
        out.number(delivery.guard().failures());
        out.number(delivery.guard().windowMs());
    }

    /** The version that stands at the end of a fact, however old the fact is. */
    static AppVersion readLast(FactReader in) {
        AppVersion plain = RulesCodec.readRules(in, ModelCodec.readAppVersion(in));
        return in.hasMore() ? readDelivery(in, plain) : plain;
    }

    /** The version that {@link #write(FactWriter, AppVersion)} wrote. */
    public static AppVersion readAppVersion(FactReader in) {
        return readDelivery(in, RulesCodec.readRules(in, ModelCodec.readAppVersion(in)));
    }

    private static AppVersion readDelivery(FactReader in, AppVersion plain) {
        RunKind kind = ModelCodec.pick(RunKind.values(), in);
        AppSpec spec = plain.spec();
        Upgrade upgrade = new Upgrade(spec.upgrade().healthMinPpm(), spec.upgrade().overMaxPpm(),
                (int) in.signed(), (int) in.signed());
        Delivery delivery = new Delivery(readTexts(in), in.flag(),
                ModelCodec.pick(Delivery.Strategy.values(), in),
                ModelCodec.readList(in,
                        part -> new Delivery.Stage((int) part.signed(), part.smallNumber(),
                                part.signed())),
                in.flag(), in.number(), in.flag(),
                new Delivery.Guard(in.smallNumber(), in.number()));
        return new AppVersion(spec.withUpgrade(upgrade).with(kind, delivery), plain.versionMs(),
                plain.scaledMs(), plain.configuredMs());
    }

    public static void write(FactWriter out, Deployment deployment) {
        List<DeploymentAction> actions = deployment.actions();
        out.number(deployment.number());
        out.number(deployment.versionMs());
        out.number(actions.size());
        for (DeploymentAction action : actions) {
            out.text(action.app().path());
            out.number(action.kind().ordinal());
            out.number(action.originalMs());
            out.number(action.targetMs());
        }
        ModelCodec.writeInts(out, deployment.steps().stream().map(List::size).toList());
        out.number(deployment.step());
        out.flag(deployment.paused());
        out.flag(deployment.back());
        out.number(deployment.clockMs());
    }

    /** The deployment that stands at the end of a fact: those of older releases have one step. */
    static Deployment readLastDeployment(FactReader in) {
        Deployment flat = readFlat(in);
        return in.hasMore() ? readSteps(in, flat) : flat;
    }

    /** A deployment inside of something else; {@code flat} if it was written without steps. */
    public static Deployment readDeployment(FactReader in, boolean flat) {
        Deployment one = readFlat(in);
        return flat ? one : readSteps(in, one);
    }

    private static Deployment readFlat(FactReader in) {
        return new Deployment(in.number(), in.number(),
                ModelCodec.readList(in, part -> new DeploymentAction(new AppId(part.text()),
                        ModelCodec.pick(DeploymentAction.Kind.values(), part), part.number(),
                        part.number())));
    }

    private static Deployment readSteps(FactReader in, Deployment flat) {
        List<DeploymentAction> actions = flat.actions();
        List<List<DeploymentAction>> steps = new ArrayList<>();
        int at = 0;
        for (int size : ModelCodec.readInts(in)) {
            if (size < 0 || size > actions.size() - at) {
                throw new IllegalArgumentException("a step of " + size + " actions, where "
                        + (actions.size() - at) + " are left");
            }
            steps.add(actions.subList(at, at + size));
            at += size;
        }
        return new Deployment(flat.number(), flat.versionMs(), steps, in.smallNumber(), in.flag(),
                in.flag(), in.number());
    }

    public static void write(FactWriter out, RolloutState rollout) {
        out.number(rollout.originalMs());
        out.number(rollout.beganMs());
        out.number(rollout.stage());
        out.number(rollout.stagedMs());
        out.signed(rollout.limit());
        out.flag(rollout.stopFirst());
        out.number(rollout.failures());
    }

    public static RolloutState readRollout(FactReader in) {
        return new RolloutState(in.number(), in.number(), in.smallNumber(), in.number(),
                (int) in.signed(), in.flag(), in.smallNumber());
    }

    public static void write(FactWriter out, GroupSpec group) {
        out.text(group.path());
        texts(out, group.dependencies());
        out.flag(group.enforceRole().isPresent());
        group.enforceRole().ifPresent(out::flag);
    }

    public static GroupSpec readGroup(FactReader in) {
        return new GroupSpec(in.text(), readTexts(in),
                in.flag() ? Optional.of(in.flag()) : Optional.empty());
    }

    public static void write(FactWriter out, SortedMap<Long, Integer> weights) {
        out.number(weights.size());
        weights.forEach((versionMs, weight) -> {
            out.number(versionMs);
            out.number(weight);
        });
    }

    public static SortedMap<Long, Integer> readWeights(FactReader in) {
        TreeMap<Long, Integer> weights = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            weights.put(in.number(), in.smallNumber());
        }
        return weights;
    }

    public static void write(FactWriter out, Readiness readiness) {
        out.flag(readiness.ready());
        out.number(readiness.httpStatus());
        out.text(readiness.contentType());
        out.text(readiness.body());
    }

    public static Readiness readReadiness(FactReader in) {
        return new Readiness(in.flag(), in.smallNumber(), in.text(), in.text());
    }

    public static void writeParts(FactWriter out, List<PartStatus> parts) {
        out.number(parts.size());
        for (PartStatus part : parts) {
            out.text(part.name());
            out.number(part.condition().ordinal());
            out.signed(part.exitCode());
            out.text(part.message());
            out.number(part.health().ordinal());
        }
    }

    public static List<PartStatus> readParts(FactReader in) {
        return ModelCodec.readList(in,
                part -> new PartStatus(part.text(), ModelCodec.pick(Condition.values(), part),
                        (int) part.signed(), part.text(),
                        ModelCodec.pick(Health.values(), part)));
    }

    /** What {@link ModelCodec} leaves out of statuses, for those of them that say it. */
    static void writeDetails(FactWriter out, List<InstanceStatus> statuses) {
        int detailed = 0;
        for (InstanceStatus status : statuses) {
            detailed += status.detailed() ? 1 : 0;
        }
        out.number(detailed);
        for (int i = 0; i < statuses.size(); i++) {
            InstanceStatus status = statuses.get(i);
            if (status.detailed()) {
                out.number(i);
                writeParts(out, status.parts());
                out.flag(status.readiness().isPresent());
                status.readiness().ifPresent(answer -> write(out, answer));
            }
        }
    }

    /** The statuses with what stands behind them, if anything does. */
    static List<InstanceStatus> readDetails(FactReader in, List<InstanceStatus> plain) {
        if (!in.hasMore()) {
            return plain;
        }
        List<InstanceStatus> statuses = new ArrayList<>(plain);
        for (int i = in.count(); i > 0; i--) {
            int at = in.smallNumber();
            Check.argument(at >= 0 && at < statuses.size(), "details belong to no status");
            statuses.set(at, statuses.get(at).with(readParts(in),
                    in.flag() ? Optional.of(readReadiness(in)) : Optional.empty()));
        }
        return statuses;
    }

    private static void texts(FactWriter out, List<String> texts) {
        out.number(texts.size());
        texts.forEach(out::text);
    }

    private static List<String> readTexts(FactReader in) {
        return ModelCodec.readList(in, FactReader::text);
    }
}
