package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppUpdate;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Command.AppChange;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of apps, some fields of each: the definition is read, merged, and submitted on condition that
 * nobody has changed it meanwhile. If somebody has, it is done again from the new one, a few times.
 */
final class AppChanges {

    private final Exchange exchange;
    private final List<AppUpdate> updates;
    private final boolean create;
    /** By the newest attempt. */
    private final List<PathId> created = new ArrayList<>();
    /** What a submission is not refused for, and its author should know; by the newest attempt. */
    private final List<String> warnings = new ArrayList<>();

    /** Gets the answer, and which apps have been created. */
    interface Done {
        void accept(Answer.Accepted accepted, List<PathId> created);
    }

    /** What an update starts from. */
    private record Base(Optional<AppVersion> current, Optional<AppVersion> rollback) {}

    private AppChanges(Exchange exchange, List<AppUpdate> updates, boolean create) {
        this.exchange = exchange;
        this.updates = updates;
        this.create = create;
    }

    /**
     * Submits updates as one deployment.
     *
     * @param create whether apps that do not exist are created; else they are a 404
     */
    static void submit(Exchange exchange, List<AppUpdate> updates, boolean create, Done done) {
        AppChanges changes = new AppChanges(exchange, updates, create);
        OptimisticChange.submit(exchange,
                () -> new Command.SubmitApps(changes.prepare(), exchange.force()),
                accepted -> {
                    Warnings.put(exchange, changes.warnings);
                    done.accept(accepted, List.copyOf(changes.created));
                });
    }

    /** What the apps would become, checked in full, and nothing else. */
    static List<AppSpec> rehearse(Exchange exchange, List<AppUpdate> updates, boolean create) {
        List<AppChange> changes = new AppChanges(exchange, updates, create).prepare();
        var unused = DryRun.steps(exchange, new Command.SubmitApps(changes, true));
        return changes.stream().map(AppChange::spec).toList();
    }

    private List<AppChange> prepare() {
        created.clear();
        warnings.clear();
        List<Base> bases = exchange.backend().view().read(this::bases);
        List<AppChange> changes = new ArrayList<>();
        for (int i = 0; i < updates.size(); i++) {
            AppUpdate update = updates.get(i);
            Optional<AppVersion> current = bases.get(i).current();
            if (current.isEmpty()) {
                if (!create) {
                    throw Errors.appUnknown(update.id().path());
                }
                created.add(update.id());
            }
            App app = merged(update, bases.get(i));
            Warnings.add(warnings, app);
            changes.add(new AppChange(AppSpecs.spec(app),
                    current.map(AppVersion::versionMs).orElse(AppChange.ABSENT)));
        }
        return changes;
    }

    private List<Base> bases(ClusterState state) {
        List<Base> bases = new ArrayList<>(updates.size());
        for (AppUpdate update : updates) {
            Optional<AppState> app = update.id().isRoot()
                    ? Optional.empty()
                    : state.app(new AppId(update.id().path())).filter(one -> !one.leaving());
            Optional<AppVersion> rollback = update instanceof AppUpdate.Rollback back
                    ? app.flatMap(one -> one.version(back.versionMs()))
                    : Optional.empty();
            bases.add(new Base(app.map(AppState::latest), rollback));
        }
        return bases;
    }

    private App merged(AppUpdate update, Base base) {
        AppDefinitions definitions = exchange.backend().definitions();
        AppReader reader = exchange.backend().readers().of(exchange.backend().view(), update.id());
        Optional<AppVersion> current = base.current();
        if (current.isPresent() && current.get().spec().kind() == RunKind.POD) {
            throw new RequestRefused(MarathonError.appIsPod());
        }
        if (current.isEmpty()) {
            return switch (update) {
                case AppUpdate.Change change -> reader.create(change);
                case AppUpdate.Replacement replacement -> replacement.app();
                case AppUpdate.Rollback back -> throw Errors.appUnknown(back.id().path());
            };
        }
        App existing = definitions.app(current.get());
        App wanted = switch (update) {
            case AppUpdate.Change change -> reader.apply(change, existing);
            case AppUpdate.Replacement replacement -> reader.replace(replacement, existing);
            case AppUpdate.Rollback back -> definitions.app(base.rollback().orElseThrow(
                    () -> new RequestRefused(
                            MarathonError.appVersionUnknown(back.id(), back.versionMs()))));
        };
        return AppSpecs.keepAssigned(wanted, existing, current.get().spec().servicePorts());
    }
}
