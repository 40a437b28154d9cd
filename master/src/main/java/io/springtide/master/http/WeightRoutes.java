package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code /tide/v1/apps/{id}/weights}: how traffic is to be shared between versions of an app. */
final class WeightRoutes implements Routes {

    private static final int WEIGHT_MAX = 100;

    @Override
    public Optional<Resource> resource(List<String> path) {
        int last = path.size() - 1;
        if (!AppPaths.startsWith(path, "tide", "v1", "apps") || last < 4
                || !path.get(last).equals("weights")) {
            return Optional.empty();
        }
        List<String> id = path.subList(3, last);
        return Resource.at("/tide/v1/apps/{id}/weights").get(x -> show(x, AppPaths.existing(id)))
                .put(x -> set(x, AppPaths.existing(id))).found();
    }

    private static void show(Exchange x, AppId id) {
        Map<Long, Integer> weights = x.backend().view()
                .read(state -> state.app(id).filter(app -> !app.leaving())
                        .map(app -> new TreeMap<>(app.weights())))
                .orElseThrow(() -> Errors.appUnknown(id.path()));
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("weights");
        weights.forEach((versionMs, weight) -> list.addObject()
                .put("version", Timestamps.format(versionMs)).put("weight", weight));
        x.json(200, body);
    }

    private static void set(Exchange x, AppId id) {
        x.submit(new Command.SetWeights(id, read(JsonInput.parse(x.body()))),
                answer -> show(x, id));
    }

    private static SortedMap<Long, Integer> read(JsonNode body) {
        JsonNode list = body.path("weights");
        if (!list.isArray()) {
            throw Errors.notValid("/weights", "must be a list of objects with version and weight");
        }
        TreeMap<Long, Integer> weights = new TreeMap<>();
        for (int i = 0; i < list.size(); i++) {
            String path = "/weights(" + i + ")";
            JsonNode version = list.get(i).path("version");
            JsonNode weight = list.get(i).path("weight");
            if (!version.isTextual()) {
                throw Errors.notValid(path + "/version", "must be a version of the app");
            }
            if (!weight.canConvertToInt() || !weight.isIntegralNumber() || weight.intValue() < 0
                    || weight.intValue() > WEIGHT_MAX) {
                throw Errors.notValid(path + "/weight",
                        "must be a whole number from 0 to " + WEIGHT_MAX);
            }
            if (weights.put(Timestamps.parse(version.textValue()), weight.intValue()) != null) {
                throw Errors.notValid(path + "/version", "is named twice");
            }
        }
        return weights;
    }
}
