package io.springtide.master.http;

import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodReader;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Command.AppChange;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Creates pods and replaces their definitions. The core knows apps and pods as one kind of thing; what it
 * refuses is told here in the words for pods.
 */
final class PodChanges {

    /** Each failed attempt means that another one succeeded; more than this is a fight between programs. */
    private static final int ATTEMPTS_MAX = 5;

    private final Exchange exchange;
    private final Pod pod;
    private final AppSpec spec;
    private final Consumer<Answer.Accepted> done;

    private PodChanges(Exchange exchange, Pod pod, AppSpec spec,
            Consumer<Answer.Accepted> done) {
        this.exchange = exchange;
        this.pod = pod;
        this.spec = spec;
        this.done = done;
    }

    /** Creates a pod; nothing of its id may be there yet. */
    static void create(Exchange exchange, Pod pod, AppSpec spec, Consumer<Answer.Accepted> done) {
        new PodChanges(exchange, pod, spec, done).submit(AppChange.ABSENT, code -> false);
    }

    /** Puts a definition in the place of another; makes the pod if there is none. */
    static void replace(Exchange exchange, Pod pod, AppSpec spec, Consumer<Answer.Accepted> done) {
        new PodChanges(exchange, pod, spec, done).attempt(1);
    }

    /**
     * Refuses what {@link #create} would refuse because of what is there.
     *
     * @throws RequestRefused 409 for a pod of this id, 422 for an app
     */
    static void requireFree(Exchange exchange, PathId id) {
        if (present(exchange, id).isPresent()) {
            throw taken(exchange, id);
        }
    }

    /**
     * Refuses an app where a pod is.
     *
     * @throws RequestRefused 422 if there is a pod of this id
     */
    static void refusePod(Exchange exchange, PathId id) {
        if (present(exchange, id).filter(PodJson::isPod).isPresent()) {
            throw new RequestRefused(MarathonError.appIsPod());
        }
    }

    /** What has an id, unless it is on its way out. */
    static Optional<AppVersion> present(Exchange exchange, PathId id) {
        return id.isRoot()
                ? Optional.empty()
                : exchange.backend().view().read(state -> state.app(new AppId(id.path()))
                        .filter(app -> !app.leaving()).map(AppState::latest));
    }

    /** Why an id cannot be given to something new. */
    static RequestRefused taken(Exchange exchange, PathId id) {
        boolean app = present(exchange, id).filter(version -> !PodJson.isPod(version)).isPresent();
        return new RequestRefused(app ? MarathonError.appIsPod() : MarathonError.podExists(id));
    }

    private void attempt(int number) {
        Optional<AppVersion> current = base(exchange, pod);
        submit(current.map(AppVersion::versionMs).orElse(AppChange.ABSENT), code -> {
            boolean overtaken = code == Answer.Code.STALE || code == Answer.Code.EXISTS;
            if (overtaken && number < ATTEMPTS_MAX) {
                attempt(number + 1);
                return true;
            }
            return false;
        });
    }

    /**
     * What a replacement starts from, if there is something.
     *
     * @throws RequestRefused 422 if that is an app, or owns data that does not allow it
     */
    static Optional<AppVersion> base(Exchange exchange, Pod pod) {
        Optional<AppVersion> current = present(exchange, pod.id());
        current.ifPresent(version -> {
            if (!PodJson.isPod(version)) {
                throw new RequestRefused(MarathonError.appIsPod());
            }
            PodReader.checkChange(PodJson.pod(version), pod);
        });
        return current;
    }

    /** Deals with a refusal of this kind, if it can. */
    private interface Remedy {
        boolean done(Answer.Code code);
    }

    private void submit(long baseVersionMs, Remedy remedy) {
        Command command = new Command.SubmitApps(List.of(new AppChange(spec, baseVersionMs)),
                exchange.force());
        exchange.submit(command, answer -> done.accept(Exchange.accepted(answer)), refusal -> {
            if (remedy.done(refusal.code())) {
                return true;
            }
            if (refusal.code() == Answer.Code.EXISTS) {
                throw taken(exchange, pod.id());
            }
            return false;
        });
    }
}
