package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.GroupState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What is checked of a change of apps and groups before anything is planned, and what groups become by it. */
final class Submission {

    private final ClusterState state;

    Submission(ClusterState state) {
        this.state = state;
    }

    /** Apps and groups as they are to be. */
    WantedApps wanted(Command.SubmitApps submit) {
        return new WantedApps(state,
                submit.changes().stream().map(Command.AppChange::spec).toList(),
                submit.removals(), submit.groups());
    }

    /**
     * Why the change is not granted, if it is not.
     *
     * @param wanted apps and groups as they are to be
     * @param order of what they depend on
     */
    Optional<Answer.Refused> refusal(Command.SubmitApps submit, WantedApps wanted,
            DependencyOrder order) {
        for (Command.AppChange change : submit.changes()) {
            Optional<Answer.Refused> refusal = refusal(change, submit.force())
                    .or(() -> misplaced(change, wanted));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        for (Command.GroupChange change : submit.groups()) {
            Optional<Answer.Refused> refusal = refusal(change, wanted);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return cycle(submit, wanted, order);
    }

    static Answer.Refused cyclic() {
        return new Answer.Refused(Answer.Code.INVALID, "Dependency graph has cyclic dependencies.");
    }

    private Optional<Answer.Refused> refusal(Command.AppChange change, boolean force) {
        AppId id = change.spec().id();
        Optional<AppState> known = state.app(id);
        Optional<AppState> present = known.filter(app -> !app.leaving());
        if (present.isPresent() && change.baseVersionMs() == Command.AppChange.ABSENT) {
            return Optional.of(new Answer.Refused(Answer.Code.EXISTS,
                    "An app with id [" + id + "] already exists."));
        }
        if (known.isPresent() && AppDecisions.locked(known.get(), force)
                && !onlyFewer(change.spec(), known.get())) {
            return Optional.of(AppDecisions.lock(known.get()));
        }
        if (change.baseVersionMs() > 0
                && present.map(app -> app.latest().versionMs()).orElse(0L) != change
                        .baseVersionMs()) {
            return Optional.of(new Answer.Refused(Answer.Code.STALE,
                    "App '" + id
                            + "' has changed since it was read; read it again and repeat the request"));
        }
        return Optional.empty();
    }

    /** Whoever has too much running must be able to say so, whatever deployment hangs. */
    private static boolean onlyFewer(AppSpec spec, AppState app) {
        AppSpec latest = app.latest().spec();
        return !app.leaving() && spec.instances() < latest.instances()
                && samePorts(spec.servicePorts(), latest.servicePorts())
                && spec.withServicePorts(latest.servicePorts())
                        .equals(latest.withInstances(spec.instances()));
    }

    /** A port that is left to the cluster is the one that it has chosen. */
    private static boolean samePorts(List<Integer> asked, List<Integer> known) {
        return asked.size() == known.size() && IntStream.range(0, asked.size())
                .allMatch(i -> asked.get(i) == 0 || asked.get(i).equals(known.get(i)));
    }

    private Optional<Answer.Refused> misplaced(Command.AppChange change, WantedApps wanted) {
        AppId id = change.spec().id();
        if (state.app(id).filter(app -> !app.leaving()).isPresent()) {
            return Optional.empty();
        }
        return wanted.isGroup(id.path())
                ? Optional.of(sameIdentifier(id, wanted))
                : wanted.appAbove(id.path()).map(above -> sameIdentifier(above, wanted));
    }

    private Optional<Answer.Refused> refusal(Command.GroupChange change, WantedApps wanted) {
        String path = change.group().path();
        if (change.kind() == Command.GroupChange.Kind.REMOVE) {
            return Optional.empty();
        }
        boolean create = change.kind() == Command.GroupChange.Kind.CREATE;
        if (create && state.groupExists(path)) {
            return Optional.of(new Answer.Refused(Answer.Code.EXISTS,
                    "Group " + path + " is already created. Use PUT to change this group."));
        }
        AppId same = new AppId(path);
        if (wanted.has(same)) {
            return Optional.of(create && !wanted.isPod(same) && state.app(same).isPresent()
                    ? new Answer.Refused(Answer.Code.EXISTS,
                            "An app with the path " + path + " already exists.")
                    : sameIdentifier(same, wanted));
        }
        return wanted.appAbove(path).map(above -> sameIdentifier(above, wanted));
    }

    /** New dependencies of a group may close a circle through apps that are not part of the change. */
    private static Optional<Answer.Refused> cycle(Command.SubmitApps submit, WantedApps wanted,
            DependencyOrder order) {
        for (Command.GroupChange change : submit.groups()) {
            boolean depends = change.kind() != Command.GroupChange.Kind.REMOVE
                    && !change.group().dependencies().isEmpty();
            if (depends && wanted.below(change.group().path()).stream()
                    .anyMatch(app -> order.depth(app).isEmpty())) {
                return Optional.of(cyclic());
            }
        }
        return Optional.empty();
    }

    private static Answer.Refused sameIdentifier(AppId app, WantedApps wanted) {
        return new Answer.Refused(Answer.Code.INVALID, "Groups and "
                + (wanted.isPod(app) ? "Pods" : "Applications")
                + " may not have the same identifier.");
    }

    /** What becomes of groups: what is said of them, and those that new apps lie in. */
    List<Event> groupChanges(Command.SubmitApps submit, long versionMs) {
        List<Event> events = new ArrayList<>();
        TreeSet<String> there = new TreeSet<>();
        for (Command.GroupChange change : submit.groups()) {
            if (change.kind() == Command.GroupChange.Kind.REMOVE) {
                remove(change.group().path(), versionMs, events);
            }
        }
        for (Command.GroupChange change : submit.groups()) {
            if (change.kind() != Command.GroupChange.Kind.REMOVE) {
                there.add(change.group().path());
                set(change.group(), versionMs, events);
            }
        }
        for (Command.GroupChange change : submit.groups()) {
            if (change.kind() != Command.GroupChange.Kind.REMOVE) {
                above(change.group().path(), versionMs, there, events);
            }
        }
        submit.changes().stream().map(change -> change.spec().id().path())
                .forEach(path -> above(path, versionMs, there, events));
        return events;
    }

    private void remove(String path, long versionMs, List<Event> events) {
        state.groups().below(path).keySet()
                .forEach(below -> events.add(new Event.GroupRemoved(below, versionMs)));
        if (state.groups().get(path).isPresent()) {
            events.add(new Event.GroupRemoved(path, versionMs));
        }
    }

    private void set(GroupSpec group, long versionMs, List<Event> events) {
        Optional<GroupState> before = state.groups().get(group.path());
        boolean same = before.isPresent() && before.get().current().equals(group)
                && events.stream().noneMatch(event -> event instanceof Event.GroupRemoved removed
                        && removed.path().equals(group.path()));
        if (!same) {
            long risingMs = before.map(known -> Math.max(versionMs, known.versionMs() + 1))
                    .orElse(versionMs);
            events.add(new Event.GroupChanged(group, risingMs));
        }
    }

    /** The groups that a path lies in are there from now on, and stay when it goes. */
    private void above(String path, long versionMs, Set<String> there, List<Event> events) {
        for (String group = DependencyOrder.parent(path); group
                .length() > 1; group = DependencyOrder
                        .parent(group)) {
            if (there.add(group) && state.groups().get(group).isEmpty()) {
                events.add(new Event.GroupChanged(GroupSpec.plain(group), versionMs));
            }
        }
    }
}
