package io.springtide.master.agents;

import io.springtide.api.agent.FileChunk;
import io.springtide.master.agents.AgentsPort.AgentUnavailable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The questions about files that one connection has yet to answer. Any thread. */
final class FileReads {

    static final int PENDING_MAX = 64;

    private static final long TIMEOUT_MS = 10_000;

    private final Map<Long, CompletableFuture<FileChunk>> pending = new ConcurrentHashMap<>();
    private final AtomicLong idLast = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();

    /** A question that may be sent. */
    record Question(long id, CompletableFuture<FileChunk> answer) {}

    /** Opens a question; empty if too many are open. */
    Optional<Question> ask(String agent) {
        if (open.incrementAndGet() > PENDING_MAX) {
            open.decrementAndGet();
            return Optional.empty();
        }
        long id = idLast.incrementAndGet();
        CompletableFuture<FileChunk> answer = new CompletableFuture<>();
        pending.put(id, answer);
        // A future of its own: its readers get AgentUnavailable itself, not wrapped.
        CompletableFuture<FileChunk> told = new CompletableFuture<>();
        var unused = answer.orTimeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .whenComplete((chunk, failure) -> {
                    pending.remove(id);
                    open.decrementAndGet();
                    if (failure == null) {
                        told.complete(chunk);
                    } else {
                        told.completeExceptionally(failure instanceof AgentUnavailable
                                ? failure
                                : new AgentUnavailable(
                                        "agent " + agent + " did not answer within 10 s"));
                    }
                });
        return Optional.of(new Question(id, told));
    }

    void answered(FileChunk chunk) {
        CompletableFuture<FileChunk> answer = pending.get(chunk.getRequestId());
        if (answer != null) {
            answer.complete(chunk);
        }
    }

    void fail(String why) {
        pending.values().forEach(answer -> answer.completeExceptionally(new AgentUnavailable(why)));
    }
}
