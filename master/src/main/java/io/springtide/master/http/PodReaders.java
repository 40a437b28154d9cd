package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodReader;
import io.springtide.api.marathon.ServerSettings;
import java.util.Optional;

/** Reads definitions of pods. What one says by saying nothing of its role depends on the group it lies in. */
final class PodReaders {

    private PodReaders() {}

    /**
     * The pod that a document defines.
     *
     * @throws io.springtide.api.marathon.RequestRefused 422 if it breaks a rule
     */
    static Pod read(Exchange x, JsonNode body) {
        ServerSettings settings = x.backend().reader().settings();
        Optional<String> top = PathId.resolve(body.path("id").asText(), PathId.ROOT)
                .flatMap(PathId::topGroup);
        boolean enforced = top.isPresent() && x.backend().view().read(
                state -> Readers.enforcesRole(state, "/" + top.get()));
        return new PodReader(enforced ? settings.withMesosRole(top.get()) : settings).read(body);
    }
}
