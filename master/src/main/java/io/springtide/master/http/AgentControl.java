package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.Silence;
import java.util.List;
import java.util.Optional;

/**
 * What people say of agents: {@code cordon}, {@code uncordon}, {@code drain} and {@code DELETE} below
 * {@code /tide/v1/agents/{id}}; and {@code /tide/v1/storm}, when many are silent at once.
 */
final class AgentControl implements Routes {

    private static final int SECONDS_MAX = 30 * 24 * 3_600;

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "tide", "v1") || path.size() < 3) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        if (names.equals(List.of("storm"))) {
            return Resource.at("/tide/v1/storm").get(AgentControl::storm).found();
        }
        if (names.equals(List.of("storm", "release"))) {
            return Resource.at("/tide/v1/storm/release").post(AgentControl::release).found();
        }
        if (!names.getFirst().equals("agents")) {
            return Optional.empty();
        }
        if (names.size() == 2) {
            return Resource.at("/tide/v1/agents/{id}").leaderOnly()
                    .get(x -> one(x, id(names.get(1)))).delete(x -> forget(x, names.get(1)))
                    .found();
        }
        if (names.size() != 3) {
            return Optional.empty();
        }
        String id = names.get(1);
        return switch (names.get(2)) {
            case "cordon" -> Resource.at("/tide/v1/agents/{id}/cordon")
                    .post(x -> keep(x, id, Upkeep.Mode.CORDONED)).found();
            case "uncordon" -> Resource.at("/tide/v1/agents/{id}/uncordon")
                    .post(x -> keep(x, id, Upkeep.Mode.OPEN)).found();
            case "drain" -> Resource.at("/tide/v1/agents/{id}/drain")
                    .post(x -> keep(x, id, Upkeep.Mode.DRAINING)).found();
            default -> Optional.empty();
        };
    }

    private static AgentId id(String text) {
        if (text.isEmpty() || text.length() > AgentId.LENGTH_MAX) {
            throw unknown(text);
        }
        return new AgentId(text);
    }

    private static RuntimeException unknown(String id) {
        return Errors.refused(404, "Agent '" + id + "' does not exist");
    }

    private static void one(Exchange x, AgentId id) {
        x.json(200, AgentRoutes.one(x, id).orElseThrow(() -> unknown(id.name())));
    }

    private static void keep(Exchange x, String name, Upkeep.Mode mode) {
        AgentId id = id(name);
        boolean force = x.query().flag("force", false);
        long deadlineMs = mode == Upkeep.Mode.DRAINING ? deadlineMs(x) : 0;
        x.submit(new Command.KeepAgent(id, mode, deadlineMs, force), answer -> one(x, id),
                refusal -> refused(refusal, name));
    }

    private static void forget(Exchange x, String name) {
        x.submit(new Command.ForgetAgent(id(name)), answer -> x.empty(204),
                refusal -> refused(refusal, name));
    }

    private static boolean refused(Answer.Refused refusal, String name) {
        if (refusal.code() == Answer.Code.NOT_FOUND) {
            throw unknown(name);
        }
        return false;
    }

    /** From the body {@code {"deadlineSeconds": N}}; none if it has none. */
    private static long deadlineMs(Exchange x) {
        if (x.body().length == 0) {
            return 0;
        }
        ObjectNode body = JsonInput.parseObject(x.body());
        body.fieldNames().forEachRemaining(field -> {
            if (!field.equals("deadlineSeconds")) {
                throw Errors.notValid("/" + field, "is not known here; there is deadlineSeconds");
            }
        });
        JsonNode seconds = body.path("deadlineSeconds");
        if (seconds.isMissingNode() || seconds.isNull()) {
            return 0;
        }
        if (!seconds.isIntegralNumber() || !seconds.canConvertToInt() || seconds.asInt() < 1
                || seconds.asInt() > SECONDS_MAX) {
            throw Errors.notValid("/deadlineSeconds",
                    "must be a whole number from 1 to " + SECONDS_MAX);
        }
        return x.backend().clock().millis() + seconds.asInt() * 1_000L;
    }

    // ------------------------------------------------------------ many at once

    private static void storm(Exchange x) {
        x.json(200, x.backend().view().read(state -> json(state.silence())));
    }

    private static ObjectNode json(Silence silence) {
        ObjectNode body = Json.object().put("on", silence.stormMs() != 0);
        if (silence.stormMs() != 0) {
            body.put("since", Timestamps.format(silence.stormMs()))
                    .put("silent", silence.stormSilent()).put("agents", silence.stormAgents());
        }
        return body;
    }

    private static void release(Exchange x) {
        x.submit(new Command.ReleaseStorm(), answer -> storm(x));
    }
}
