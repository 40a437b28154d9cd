package io.springtide.core.state;

import io.springtide.core.codec.DeliveryCodec;
import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import java.util.TreeMap;

/** The groups, and the apps that are gone, as part of a {@link StateSnapshot}. */
final class GroupsSnapshot {

    private GroupsSnapshot() {}

    static void write(FactWriter out, ClusterState state) {
        out.number(state.groups.byPath.size());
        state.groups.byPath.values().forEach(group -> {
            out.number(group.versions.size());
            group.versions.forEach((versionMs, spec) -> {
                out.number(versionMs);
                DeliveryCodec.write(out, spec);
            });
        });
        out.number(state.removed.byId.size());
        state.removed.byId.values().forEach(removed -> {
            out.text(removed.id().path());
            out.number(removed.removedMs());
            out.number(removed.versions().size());
            removed.versions().values().forEach(version -> DeliveryCodec.write(out, version));
        });
    }

    static void read(FactReader in, ClusterState state) {
        for (int i = in.count(); i > 0; i--) {
            GroupState group = new GroupState();
            for (int j = in.count(); j > 0; j--) {
                long versionMs = in.number();
                group.versions.put(versionMs, DeliveryCodec.readGroup(in));
            }
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
            state.removed.add(new RemovedApps.Removed(id, versions, removedMs));
        }
    }
}
