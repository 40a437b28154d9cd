package io.springtide.master.ring;

import io.springtide.core.command.Command;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A place on the command ring; filled by any thread, emptied by the engine's. */
final class CommandSlot {

    @Nullable
    Command command;
    @Nullable
    CompletableFuture<Outcome> reply;

    void fill(Command newCommand, CompletableFuture<Outcome> newReply) {
        command = newCommand;
        reply = newReply;
    }

    void clear() {
        command = null;
        reply = null;
    }
}
