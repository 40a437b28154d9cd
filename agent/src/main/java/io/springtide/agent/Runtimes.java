package io.springtide.agent;

import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.docker.DockerRuntime;
import io.springtide.agent.runtime.docker.DockerSettings;
import io.springtide.agent.runtime.process.ProcessRuntime;
import io.springtide.api.agent.Runtime;

/** Makes the runtimes that the configuration names. */
final class Runtimes {

    private Runtimes() {}

    /**
     * A runtime, ready to launch.
     *
     * @param agentId the agent's name, drawn or given
     * @param fetcher of artifacts, for all runtimes together
     * @throws ConfigException if this agent does not have it
     */
    static TaskRuntime create(Runtime kind, AgentConfig config, String agentId,
            Fetcher fetcher) {
        return switch (kind) {
            case PROCESS ->
                new ProcessRuntime(config.dataDir(), config.process(), fetcher);
            case DOCKER -> docker(config, agentId, fetcher);
            case RUNTIME_UNSPECIFIED, UNRECOGNIZED ->
                throw new ConfigException("no such runtime: " + kind);
        };
    }

    private static TaskRuntime docker(AgentConfig config, String agentId, Fetcher fetcher) {
        // Several agents may share one daemon: each finds only its own containers again.
        String owner = config.agentId() + '@' + config.dataDir();
        return new DockerRuntime(config.dataDir(), owner, agentId,
                DockerSettings.fromEnvironment(System.getenv()),
                (task, cancelled) -> fetcher.fetchAll(task.spec().getArtifactsList(),
                        task.sandbox(), cancelled));
    }
}
