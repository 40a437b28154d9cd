package io.springtide.core.state;

import io.springtide.core.codec.DeliveryCodec;
import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The groups, and the apps that are gone, as part of a {@link StateSnapshot}. */
final class GroupsSnapshot {

    private GroupsSnapshot() {}

    static void write(FactWriter out, ClusterState state) {
        out.number(state.groups.byPath.size());
        state.groups.byPath.values()
                .forEach(group -> versions(out, group.versions, group.memory));
        out.number(state.removed.byId.size());
        state.removed.byId.values().forEach(removed -> {
            out.text(removed.id().path());
            out.number(removed.removedMs());
            out.number(removed.versions().size());
            removed.versions().values().forEach(version -> DeliveryCodec.write(out, version));
            memory(out, removed.memory());
        });
        out.number(state.groups.removed.byPath.size());
        state.groups.removed.byPath.values().forEach(removed -> {
            out.number(removed.removedMs());
            versions(out, removed.versions(), removed.memory());
        });
    }

    /** How far back something is known. */
    static void memory(FactWriter out, Memory memory) {
        out.number(memory.createdMs());
        out.number(memory.forgottenMs());
    }

    /** The same back; formats up to the third do not have it. */
    static Memory readMemory(FactReader in, boolean forgetful, NavigableMap<Long, ?> kept,
            int versionsMax) {
        return forgetful
                ? Memory.guessed(kept, versionsMax)
                : new Memory(in.number(), in.number());
    }

    private static void versions(FactWriter out, NavigableMap<Long, GroupSpec> versions,
            Memory memory) {
        out.number(versions.size());
        versions.forEach((versionMs, spec) -> {
            out.number(versionMs);
            DeliveryCodec.write(out, spec);
        });
        memory(out, memory);
    }

    private static GroupState readGroup(FactReader in, boolean forgetful) {
        TreeMap<Long, GroupSpec> versions = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            long versionMs = in.number();
            versions.put(versionMs, DeliveryCodec.readGroup(in));
        }
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("a snapshot names a group without saying which");
        }
        return new GroupState(versions,
                readMemory(in, forgetful, versions, GroupState.VERSIONS_MAX));
    }

    /**
     * The same back.
     *
     * @param forgetful whether it is of a format up to the third
     */
    static void read(FactReader in, ClusterState state, boolean forgetful) {
        for (int i = in.count(); i > 0; i--) {
            GroupState group = readGroup(in, forgetful);
            state.groups.byPath.put(group.current().path(), group);
        }
        for (int i = in.count(); i > 0; i--) {
            AppId id = new AppId(in.text());
            long removedMs = in.number();
            TreeMap<Long, AppVersion> versions = new TreeMap<>();
            for (int j = in.count(); j > 0; j--) {
                AppVersion version = DeliveryCodec.readAppVersion(in);
                versions.put(version.versionMs(), version);
            }
            state.removed.add(new RemovedApps.Removed(id, versions,
                    readMemory(in, forgetful, versions, RemovedApps.VERSIONS_MAX), removedMs));
        }
        for (int i = forgetful ? 0 : in.count(); i > 0; i--) {
            long removedMs = in.number();
            GroupState group = readGroup(in, false);
            state.groups.removed.add(new RemovedGroups.Removed(group.current().path(),
                    group.versions, group.memory, removedMs));
        }
    }
}
