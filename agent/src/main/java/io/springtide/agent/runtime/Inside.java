package io.springtide.agent.runtime;

import java.time.Duration;
import java.util.Optional;

/** What can only be learnt from within a running task. Blocks; may be called from any thread. */
public interface Inside {

    /**
     * Runs a shell command where the task's files, network and environment are, and waits for it.
     *
     * @param timeout after which the command is ended, too
     */
    CommandEnd command(Task task, String command, Duration timeout) throws InterruptedException;

    /**
     * Where the task is reached over IPv6: its container's own address, or the loopback where it
     * shares the machine's network; empty if it has none.
     */
    Optional<String> ipv6Address(Task task);
}
