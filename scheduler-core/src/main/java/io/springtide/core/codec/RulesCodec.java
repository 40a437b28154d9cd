package io.springtide.core.codec;

import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rules of placement as bytes. They stand behind the fields that came before them, so that facts
 * written without them are still understood.
 */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class RulesCodec {

    private RulesCodec() {}

    /** Writes what {@link ModelCodec} leaves out of a shape. */
    public static void write(FactWriter out, Shape shape) {
        Rules rules = shape.rules();
        out.number(shape.resources().gpuShareMilli());
        out.number(rules.constraints().size());
        for (Constraint constraint : rules.constraints()) {
            out.text(constraint.field());
            out.number(constraint.operator().ordinal());
            out.text(constraint.value());
        }
        out.text(rules.role());
        out.number(rules.roleUse().ordinal());
        out.signed(rules.priority());
        out.number(rules.serviceClass().ordinal());
        out.number(rules.disruptionPpm());
        Preferences preferences = rules.preferences();
        out.text(preferences.scorer());
        out.number(preferences.siteWeight());
        out.number(preferences.rackWeight());
        out.number(preferences.hostWeight());
        out.number(preferences.attributes().size());
        for (Preferences.Attribute attribute : preferences.attributes()) {
            out.text(attribute.field());
            out.text(attribute.value());
            out.signed(attribute.weight());
        }
        out.number(preferences.apps().size());
        for (Preferences.Neighbour neighbour : preferences.apps()) {
            out.text(neighbour.app().path());
            out.number(neighbour.scope().ordinal());
            out.signed(neighbour.weight());
            out.flag(neighbour.required());
        }
    }

    /** The version with what {@link #write(FactWriter, Shape)} wrote behind it, if anything is there. */
    public static AppVersion readRules(FactReader in, AppVersion version) {
        if (!in.hasMore()) {
            return version;
        }
        int shareMilli = in.smallNumber();
        AppSpec spec = version.spec();
        Shape shape = spec.shape();
        Resources plain = shape.resources();
        Resources resources = new Resources(plain.cpusMilli(), plain.memMib(), plain.diskMib(),
                plain.gpus(), shareMilli);
        Rules rules = new Rules(
                ModelCodec.readList(in, RulesCodec::readConstraint), in.text(),
                ModelCodec.pick(Rules.RoleUse.values(), in), (int) in.signed(),
                ModelCodec.pick(ServiceClass.values(), in), in.smallNumber(),
                readPreferences(in));
        return new AppVersion(spec.withShape(new Shape(resources, shape.hostPorts(),
                shape.runtime(), shape.policy(), rules)), version.versionMs(), version.scaledMs(),
                version.configuredMs());
    }

    private static Constraint readConstraint(FactReader in) {
        return new Constraint(in.text(), ModelCodec.pick(Constraint.Operator.values(), in),
                in.text());
    }

    private static Preferences readPreferences(FactReader in) {
        return new Preferences(in.text(), in.smallNumber(), in.smallNumber(), in.smallNumber(),
                ModelCodec.readList(in,
                        part -> new Preferences.Attribute(part.text(), part.text(),
                                (int) part.signed())),
                ModelCodec.readList(in,
                        part -> new Preferences.Neighbour(new AppId(part.text()),
                                ModelCodec.pick(Preferences.Scope.values(), part),
                                (int) part.signed(), part.flag())));
    }

    public static void write(FactWriter out, RoleSpec role) {
        out.text(role.name());
        out.number(role.weight());
        ModelCodec.write(out, role.guarantee());
        out.flag(role.limit().isPresent());
        role.limit().ifPresent(limit -> ModelCodec.write(out, limit));
        out.text(role.scorer().orElse(""));
    }

    public static RoleSpec readRole(FactReader in) {
        String name = in.text();
        int weight = in.smallNumber();
        Resources guarantee = ModelCodec.readResources(in);
        Optional<Resources> limit = in.flag()
                ? Optional.of(ModelCodec.readResources(in))
                : Optional.empty();
        return new RoleSpec(name, weight, guarantee, limit,
                Optional.of(in.text()).filter(scorer -> !scorer.isEmpty()));
    }

    public static void writeReservations(FactWriter out, SortedMap<String, Resources> byRole) {
        out.number(byRole.size());
        byRole.forEach((role, resources) -> {
            out.text(role);
            ModelCodec.write(out, resources);
        });
    }

    public static SortedMap<String, Resources> readReservations(FactReader in) {
        TreeMap<String, Resources> byRole = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            byRole.put(in.text(), ModelCodec.readResources(in));
        }
        return byRole;
    }

    /** Writes what {@link ModelCodec} leaves out of rejections. */
    public static void writeDetail(FactWriter out, Rejections rejections) {
        ModelCodec.writeInts(out, rejections.byConstraint());
        out.flag(rejections.closest().isPresent());
        rejections.closest().ifPresent(closest -> {
            out.text(closest.agent());
            out.number(closest.reason().ordinal());
            out.number(closest.missing());
        });
    }

    public static Rejections readDetail(FactReader in, Rejections plain) {
        return new Rejections(plain.agents(), plain.counts(), ModelCodec.readInts(in),
                in.flag()
                        ? Optional.of(new Rejections.Closest(in.text(),
                                ModelCodec.pick(Rejection.values(), in), in.number()))
                        : Optional.empty());
    }
}
