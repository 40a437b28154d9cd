package io.springtide.api.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a task runs.
 *
 * @param cmd for the shell; never together with {@code args}
 * @param args executed without a shell, or Docker's CMD
 * @param user to run as; the agent's own default if empty
 * @param env the environment
 * @param fetch files to bring into the sandbox first
 * @param secrets that {@code env}, volumes and image pulls may refer to, by name
 * @param executor empty, {@code //cmd} or a path
 * @param taskKillGracePeriodSeconds between SIGTERM and SIGKILL; the agent's own default if empty
 * @param tty whether to attach a terminal; empty if nobody said
 */
public record Launch(Optional<String> cmd, List<String> args, Optional<String> user,
        Map<String, EnvValue> env, List<Fetch> fetch, Map<String, Secret> secrets, String executor,
        OptionalInt taskKillGracePeriodSeconds, Optional<Boolean> tty) {

    /** Keeps its own copies. */
    public Launch {
        args = List.copyOf(args);
        env = Copies.sorted(env);
        fetch = List.copyOf(fetch);
        secrets = Copies.sorted(secrets);
    }
}
