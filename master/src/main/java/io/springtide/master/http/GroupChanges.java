package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppUpdate;
import io.springtide.api.marathon.FlatGroup;
import io.springtide.api.marathon.GroupUpdate;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.command.Command;
import io.springtide.core.command.Command.AppChange;
import io.springtide.core.command.Command.GroupChange;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.RunKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a request for a group comes to: apps that change, apps that go, groups that change or go. Made from
 * what is there at one moment; what would stay as it is, is left out, so that no deployment is in its way.
 */
final class GroupChanges {

    private final Exchange exchange;
    private final GroupNow now;
    private final PathId id;
    private final List<AppChange> changes = new ArrayList<>();
    private final List<AppId> removals = new ArrayList<>();
    private final Map<String, GroupChange> groups = new TreeMap<>();

    private GroupChanges(Exchange exchange, PathId id) {
        this.exchange = exchange;
        this.id = id;
        this.now = exchange.backend().view().read(state -> GroupNow.of(state, id));
    }

    /** Of {@code PUT}: the group becomes what the update says, whether or not it is there. */
    static Command.SubmitApps put(Exchange exchange, GroupUpdate update) {
        GroupChanges made = new GroupChanges(exchange, update.id());
        made.take(update, GroupChange.Kind.SET);
        return made.command();
    }

    /** Of {@code POST}: neither the group nor an app of its name may be there. */
    static Command.SubmitApps create(Exchange exchange, GroupUpdate update) {
        GroupChanges made = new GroupChanges(exchange, update.id());
        if (made.now.exists()) {
            throw new RequestRefused(MarathonError.groupExists(update.id()));
        }
        if (made.now.self().isPresent()) {
            throw new RequestRefused(made.now.self().get().spec().kind() == RunKind.POD
                    ? MarathonError.podIsGroup()
                    : MarathonError.groupIsApp(update.id()));
        }
        made.take(update, GroupChange.Kind.CREATE);
        return made.command();
    }

    /** Of {@code DELETE}: it goes with all that is in it; the root only loses what is in it. */
    static Command.SubmitApps delete(Exchange exchange, PathId id) {
        GroupChanges made = new GroupChanges(exchange, id);
        made.mustExist();
        made.removals.addAll(made.now.apps().keySet());
        if (!id.isRoot()) {
            made.removeGroup(id.path());
        }
        made.now.groups().keySet().forEach(made::removeGroup);
        return made.command();
    }

    private void take(GroupUpdate update, GroupChange.Kind kind) {
        switch (update) {
            case GroupUpdate.Definition definition -> define(definition.group().flatten(), kind);
            case GroupUpdate.Rollback back -> rollback(back.versionMs());
            case GroupUpdate.ScaleBy scale -> scale(scale);
            case GroupUpdate.EnforceRole enforce -> enforce(enforce.enforced());
        }
    }

    private Command.SubmitApps command() {
        if (changes.size() > Command.SubmitApps.CHANGES_MAX
                || groups.size() > Command.SubmitApps.CHANGES_MAX) {
            throw Errors.notValid("/", "this would change more than "
                    + Command.SubmitApps.CHANGES_MAX + " apps or groups in one request;"
                    + " change the groups in it one after the other");
        }
        return new Command.SubmitApps(changes, removals, List.copyOf(groups.values()),
                exchange.force());
    }

    private void mustExist() {
        if (!now.exists()) {
            throw new RequestRefused(MarathonError.groupUnknown(id));
        }
    }

    // ------------------------------------------------------------ a definition

    private void define(FlatGroup wanted, GroupChange.Kind kind) {
        FlatGroup.Removals gone = wanted.removals();
        now.groups().keySet().stream().filter(path -> gone.group(new PathId(path)))
                .forEach(this::removeGroup);
        now.apps().forEach((app, version) -> {
            PathId path = new PathId(app.path());
            boolean goes = version.spec().kind() == RunKind.POD ? gone.pod(path) : gone.app(path);
            if (goes) {
                removals.add(app);
            }
        });
        wanted.apps().forEach(this::define);
        wanted.groups().forEach(member -> define(member,
                member.id().equals(id) ? kind : GroupChange.Kind.SET));
    }

    private void define(AppUpdate.Replacement replacement) {
        AppId app = new AppId(replacement.id().path());
        AppVersion current = now.apps().get(app);
        if (current == null) {
            change(AppSpecs.spec(replacement.app()), Optional.empty());
            return;
        }
        if (current.spec().kind() == RunKind.POD) {
            throw new RequestRefused(MarathonError.appIsPod());
        }
        Backend backend = exchange.backend();
        AppReader reader = backend.readers().of(backend.view(), replacement.id());
        App existing = backend.definitions().app(current);
        App wanted = reader.replace(replacement, existing);
        change(AppSpecs.spec(
                AppSpecs.keepAssigned(wanted, existing, current.spec().servicePorts())),
                Optional.of(current));
    }

    private void define(FlatGroup.Member member, GroupChange.Kind kind) {
        if (member.id().isRoot()) {
            if (!member.dependencies().orElse(List.of()).isEmpty()) {
                // Whatever it depends on lies in it.
                throw new RequestRefused(MarathonError.cyclicDependencies());
            }
            return;
        }
        GroupSpec before = now.group(member.id().path())
                .orElseGet(() -> GroupSpec.plain(member.id().path()));
        boolean roleChanges = member.enforceRole().isPresent()
                && !member.enforceRole().get().equals(before.enforceRole().orElse(false));
        if (roleChanges && now.group(member.id().path()).isPresent()
                && !(changes.isEmpty() && removals.isEmpty())) {
            throw new RequestRefused(MarathonError.enforceRoleWithServices());
        }
        set(new GroupSpec(member.id().path(),
                member.dependencies().map(paths -> paths.stream().map(PathId::path).toList())
                        .orElse(before.dependencies()),
                member.enforceRole().or(before::enforceRole)), kind);
    }

    // ------------------------------------------------------------ other changes

    private void rollback(long versionMs) {
        mustExist();
        long nowMs = exchange.backend().clock().millis();
        GroupHistory.Past past = exchange.backend().view()
                .read(state -> GroupHistory.at(state, id, versionMs, nowMs));
        now.apps().keySet().stream().filter(app -> !past.apps().containsKey(app))
                .forEach(removals::add);
        now.groups().keySet().stream().filter(path -> !past.groups().containsKey(path))
                .forEach(this::removeGroup);
        past.apps().forEach((app, version) -> change(asked(version),
                Optional.ofNullable(now.apps().get(app))));
        past.groups().values().forEach(group -> set(group, GroupChange.Kind.SET));
    }

    /** Ports that had been chosen for it then may be those of others by now. */
    private AppSpec asked(AppVersion version) {
        AppSpec spec = version.spec();
        if (spec.kind() == RunKind.POD || spec.servicePorts().isEmpty()) {
            return spec;
        }
        boolean there = now.apps().containsKey(spec.id());
        List<Integer> asked = exchange.backend().definitions().app(version).servicePorts();
        List<Integer> ports = new ArrayList<>(spec.servicePorts());
        exchange.backend().view().read(state -> {
            for (int i = 0; i < ports.size() && i < asked.size(); i++) {
                if (asked.get(i) == 0 && (there || state.servicePorts().used(ports.get(i)))) {
                    ports.set(i, 0);
                }
            }
            return ports;
        });
        return spec.withServicePorts(ports);
    }

    private void scale(GroupUpdate.ScaleBy scale) {
        mustExist();
        now.apps().values().stream().filter(version -> version.spec().kind() == RunKind.APP)
                .forEach(version -> change(scaled(version.spec(), scale), Optional.of(version)));
    }

    private static AppSpec scaled(AppSpec spec, GroupUpdate.ScaleBy scale) {
        int wanted = scale.instancesOf(spec.instances());
        if (wanted > AppSpec.INSTANCES_MAX) {
            throw Errors.notValid("/scaleBy", "'" + spec.id() + "' would have more than "
                    + AppSpec.INSTANCES_MAX + " instances");
        }
        return spec.withInstances(wanted);
    }

    private void enforce(boolean enforced) {
        mustExist();
        GroupSpec before = now.group(id.path()).orElseGet(() -> GroupSpec.plain(id.path()));
        set(new GroupSpec(before.path(), before.dependencies(), Optional.of(enforced)),
                GroupChange.Kind.SET);
    }

    private void change(AppSpec spec, Optional<AppVersion> current) {
        if (current.isEmpty()) {
            changes.add(new AppChange(spec, AppChange.ABSENT));
        } else if (!AppSpecs.same(spec, current.get().spec())) {
            changes.add(new AppChange(spec, current.get().versionMs()));
        }
    }

    private void set(GroupSpec group, GroupChange.Kind kind) {
        AppSpecs.checkDepth(new PathId(group.path()));
        groups.put(group.path(), new GroupChange(group, kind));
    }

    /** With it goes what is said of the groups in it. */
    private void removeGroup(String path) {
        for (String around = path; !around.equals("/"); around = GroupView.Builder
                .parent(around)) {
            GroupChange known = groups.get(around);
            if (known != null && known.kind() == GroupChange.Kind.REMOVE) {
                return;
            }
        }
        groups.put(path, new GroupChange(GroupSpec.plain(path), GroupChange.Kind.REMOVE));
    }
}
