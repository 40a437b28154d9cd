package io.springtide.agent.runtime.process;

import io.springtide.agent.runtime.Ending;
import java.util.Optional;
import java.util.OptionalInt;

/** Judges by what is on disk, and by who lives, what has become of a task. Owned by the runtime's thread. */
final class Verdict {

    private static final int CODE_UNKNOWN = -1;

    private final ProcessFiles files;
    private final Launcher launcher;

    Verdict(ProcessFiles files, Launcher launcher) {
        this.files = files;
        this.launcher = launcher;
    }

    /** How the task has ended, read from what is left of it; empty while it runs or is about to. */
    Optional<Ending> ending(ProcessTask known) {
        String name = known.name;
        OptionalInt code = files.exitCodeOf(name);
        if (code.isPresent()) {
            return Optional.of(new Ending.Exited(code.getAsInt(), describe(code.getAsInt())));
        }
        if (known.process.isPresent() && alive(known, known.process.get())) {
            return Optional.empty();
        }
        Optional<ProcessStat> watcher = files.watcher(name);
        if (watcher.isPresent() && alive(known, watcher.get())) {
            return Optional.empty();
        }
        if (watcher.isEmpty() && !known.adopted && known.generation == launcher.generation()) {
            // Waits for its turn at the launcher, or was so quick that its watcher is not noted down yet.
            return Optional.empty();
        }
        code = files.exitCodeOf(name); // once more: the watcher may have written between the two looks
        if (code.isPresent()) {
            return Optional.of(new Ending.Exited(code.getAsInt(), describe(code.getAsInt())));
        }
        if (known.process.isPresent() || watcher.isPresent()) {
            return Optional.of(new Ending.Exited(CODE_UNKNOWN, files.bootedSince() && known.adopted
                    ? "ended when the machine went down; its exit code is not known"
                    : "its watcher was killed, so its exit code is not known"));
        }
        if (known.adopted) {
            return Optional.of(new Ending.Gone(files.scriptExists(name)
                    ? "the agent died before it could start this task"
                    : "no trace of this task is left on the agent's disk"));
        }
        return Optional.of(
                new Ending.NotStarted("the agent's launcher died before it could start this task"));
    }

    /** Whether a task that ran has vanished while nobody, not even its watcher, could tell of it. */
    boolean overlooked(ProcessTask known, Ending ending) {
        return ending instanceof Ending.Exited exited && exited.code() == CODE_UNKNOWN
                && !(known.adopted && files.bootedSince());
    }

    /** Whether a process of a task still runs. */
    boolean alive(ProcessTask known, ProcessStat process) {
        // After a restart of the machine, a pid from before it means nothing.
        return !(known.adopted && files.bootedSince()) && process.alive();
    }

    private static String describe(int code) {
        return switch (code) {
            case 126 -> "exit code 126: the command could not be executed; see stderr";
            case 127 -> "exit code 127: the command was not found; see stderr";
            case 137 -> "killed by signal 9; if nobody did that on purpose, memory ran out";
            default -> code > 128 && code < 193 ? "ended by signal " + (code - 128) : "";
        };
    }
}
