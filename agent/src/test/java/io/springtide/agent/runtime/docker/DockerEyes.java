package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.springtide.agent.FakeMaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A second pair of eyes on the daemon. */
public final class DockerEyes implements AutoCloseable {

    private final DockerClient client;

    public DockerEyes() {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(
                DockerSettings.fromEnvironment(System.getenv()).host().toString()).build();
        this.client = DockerClientImpl.getInstance(config,
                new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    }

    /** As the containers of a {@link FakeMaster}'s agent name it, by the agent's data folder. */
    public static String owner(Path data) {
        return FakeMaster.AGENT + "@" + data.toAbsolutePath().normalize();
    }

    public DockerClient client() {
        return client;
    }

    /** All containers of an owner, whether they run or not. */
    public List<Container> containers(String owner) {
        return client.listContainersCmd().withShowAll(true)
                .withLabelFilter(Map.of(Mark.LABEL_OWNER, owner)).exec();
    }

    /** Removes what is left of an owner. */
    public void removeAll(String owner) {
        containers(owner).forEach(left -> remove(left.getId()));
    }

    private void remove(String container) {
        try {
            client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
        } catch (NotFoundException | ConflictException goneByItself) {
            // The runtime has removed it, or is about to.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
