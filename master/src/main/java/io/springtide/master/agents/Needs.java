package io.springtide.master.agents;

import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.TaskSpec;
import java.util.Optional;

/** What of a spec can be fetched before an instance is there. */
final class Needs {

    private Needs() {}

    /**
     * The image, and the artifacts that agents keep: others would be fetched again. The containers of pods are
     * left out: no policy decides on the count of a pod.
     */
    static Optional<Prefetch> of(TaskSpec spec) {
        if (!spec.getRefusal().isEmpty()) {
            return Optional.empty();
        }
        Prefetch.Builder needs = Prefetch.newBuilder().setImage(spec.getContainer().getImage());
        spec.getArtifactsList().stream().filter(Artifact::getCache).forEach(needs::addArtifacts);
        return needs.getImage().isEmpty() && needs.getArtifactsCount() == 0
                ? Optional.empty()
                : Optional.of(needs.setId(TaskSpecs.digest(needs.build())).build());
    }
}
