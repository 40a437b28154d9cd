package io.springtide.agent;

import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.process.ProcessRuntime;
import io.springtide.api.agent.Runtime;

/** Makes the runtimes that the configuration names. */
final class Runtimes {

    private Runtimes() {}

    /**
     * A runtime, ready to launch.
     *
     * @throws ConfigException if this agent does not have it
     */
    static TaskRuntime create(Runtime kind, AgentConfig config) {
        return switch (kind) {
            case PROCESS ->
                new ProcessRuntime(config.dataDir(), config.process(), Fetcher.standard());
            case DOCKER ->
                throw new ConfigException("this agent was built without the docker runtime");
            case RUNTIME_UNSPECIFIED, UNRECOGNIZED ->
                throw new ConfigException("no such runtime: " + kind);
        };
    }
}
