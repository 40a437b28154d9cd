package io.springtide.master.http;

import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.GroupReader;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.state.ClusterState;
import io.springtide.master.view.ClusterView;
import java.util.Optional;

/** Who reads definitions: what an app says by saying nothing depends on the group it lies in. */
final class Readers {

    private final ServerSettings settings;
    private final AppReader anywhere;
    private final GroupReader groups;

    Readers(ServerSettings settings) {
        this.settings = settings;
        this.anywhere = new AppReader(settings);
        this.groups = new GroupReader(settings);
    }

    /** For apps of groups that enforce nothing. */
    AppReader anywhere() {
        return anywhere;
    }

    /** For an app of this id: the role of its uppermost group is its own, if that group enforces it. */
    AppReader of(ClusterView view, PathId id) {
        Optional<String> top = id.topGroup();
        return top.isPresent() && view.read(state -> enforcesRole(state, "/" + top.get()))
                ? new AppReader(settings.withMesosRole(top.get()))
                : anywhere;
    }

    /** For groups. */
    GroupReader groups() {
        return groups;
    }

    /** Whether apps of an uppermost group have its name as their role if they name none. */
    static boolean enforcesRole(ClusterState state, String top) {
        return state.groups().get(top).flatMap(group -> group.current().enforceRole())
                .orElse(false);
    }
}
