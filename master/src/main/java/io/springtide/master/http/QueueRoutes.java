package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import java.util.List;
import java.util.Optional;

/** {@code /v2/queue}: what waits to be launched, and why. */
final class QueueRoutes implements Routes {

    /** A reason of Marathon, and which of ours it stands for, in the order of Marathon's funnel. */
    private record Reason(String name, List<Rejection> ours) {}

    private static final List<Reason> FUNNEL = List.of(
            new Reason("UnfulfilledRole", List.of(Rejection.ROLE, Rejection.QUOTA)),
            new Reason("UnfulfilledConstraint",
                    List.of(Rejection.RUNTIME, Rejection.CONSTRAINT, Rejection.AFFINITY)),
            new Reason("NoCorrespondingReservationFound", List.of()),
            new Reason("AgentMaintenance", List.of(Rejection.AGENT_SILENT, Rejection.CORDONED)),
            new Reason("InsufficientCpus", List.of(Rejection.CPUS, Rejection.SLACK)),
            new Reason("InsufficientMemory", List.of(Rejection.MEMORY)),
            new Reason("InsufficientDisk", List.of(Rejection.DISK)),
            new Reason("InsufficientGpus", List.of(Rejection.GPUS)),
            new Reason("InsufficientPorts", List.of(Rejection.PORTS)),
            new Reason("DeclinedScarceResources", List.of(Rejection.HELD)));

    /** An app that waits, and what it could not use. */
    private record Item(Waiting waiting, List<UnusedOffers.Offer> offers) {}

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "v2", "queue")) {
            return Optional.empty();
        }
        if (path.size() == 2) {
            return Resource.at("/v2/queue").get(QueueRoutes::list).found();
        }
        if (path.size() >= 4 && path.getLast().equals("delay")) {
            List<String> names = path.subList(2, path.size() - 1);
            return Resource.at("/v2/queue/{id}/delay").delete(x -> resetDelay(x, names)).found();
        }
        return Optional.empty();
    }

    private static void list(Exchange x) {
        boolean offers = x.query().all("embed").contains("lastUnusedOffers");
        Backend backend = x.backend();
        long nowMs = backend.clock().millis();
        List<Item> items = backend.view().read(state -> state.apps().values().stream()
                .map(Waiting::of).filter(one -> one.count() > 0)
                .map(one -> new Item(one, offers && one.rejections().agents() > 0
                        ? UnusedOffers.of(state, one)
                        : List.of()))
                .toList());
        ObjectNode body = Json.object();
        ArrayNode queue = body.putArray("queue");
        for (Item each : items) {
            Waiting one = each.waiting();
            ObjectNode item = queue.addObject();
            item.put("count", one.count());
            item.put("role", one.version().spec().shape().rules().role());
            item.putObject("delay").put("timeLeftSeconds", one.secondsLeft(nowMs))
                    .put("overdue", one.secondsLeft(nowMs) == 0);
            item.put("since", Timestamps.format(one.sinceMs() == 0 ? nowMs : one.sinceMs()));
            item.set("processedOffersSummary", summary(one.rejections()));
            if (offers) {
                UnusedOffers.put(item.putArray("lastUnusedOffers"), each.offers(), nowMs);
            }
            item.set(PodJson.isPod(one.version()) ? "pod" : "app",
                    backend.definitions().json(one.version()));
        }
        x.json(200, body);
    }

    private static ObjectNode summary(Rejections rejections) {
        int unused = rejections.counts().stream().mapToInt(Integer::intValue).sum();
        ObjectNode summary = Json.object().put("processedOffersCount", rejections.agents())
                .put("unusedOffersCount", unused);
        funnel(summary.putArray("rejectSummaryLastOffers"), rejections);
        funnel(summary.putArray("rejectSummaryLaunchAttempt"), rejections);
        return summary;
    }

    private static void funnel(ArrayNode out, Rejections rejections) {
        int processed = rejections.agents();
        for (Reason reason : FUNNEL) {
            int declined = reason.ours().stream().mapToInt(rejections::count).sum();
            out.addObject().put("reason", reason.name()).put("declined", declined)
                    .put("processed", processed);
            processed -= declined;
        }
    }

    /** Marathon's words for what these agents were refused for. */
    static List<String> reasons(Rejections rejections) {
        return FUNNEL.stream()
                .filter(one -> one.ours().stream().mapToInt(rejections::count).sum() > 0)
                .map(Reason::name).toList();
    }

    private static void resetDelay(Exchange x, List<String> names) {
        Optional<AppId> id = AppPaths.id(names).map(one -> new AppId(one.path()));
        String text = "/" + String.join("/", names);
        if (id.isEmpty()) {
            throw notQueued(text);
        }
        x.submit(new Command.ResetBackoff(id.get()), answer -> x.empty(204), refusal -> {
            throw notQueued(text);
        });
    }

    private static RequestRefused notQueued(String id) {
        return Errors.notFoundWithDetails("Application " + id + " not found in tasks queue.");
    }

}
