package io.springtide.api.marathon;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a task is kept apart by the kernel.
 *
 * @param seccomp which system calls; empty if nobody said
 * @param ipc which shared memory; empty if nobody said
 */
public record LinuxInfo(Optional<Seccomp> seccomp, Optional<Ipc> ipc) {

    /** A named profile, or none at all. */
    public record Seccomp(Optional<String> profileName, boolean unconfined) {}

    /** Shared memory: whose, and how much of its own. */
    public record Ipc(IpcMode mode, OptionalInt shmSizeMib) {}

    /** Whose shared memory is used. */
    public enum IpcMode implements Literal {
        /** Its own. */
        PRIVATE,
        /** That of what is around it. */
        SHARE_PARENT;

        @Override
        public String json() {
            return name();
        }
    }
}
