package io.springtide.agent.engine;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.api.agent.Prefetched;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be fetched ahead of time, and how far that has come. Nothing of it is kept on disk: what has
 * been fetched is there, and the master names again what it still wants. Owned by the engine.
 */
final class PrefetchNews {

    static final int ITEMS_MAX = 32;
    /** Of one message to the next; an end is told at once. */
    private static final long PROGRESS_EVERY_MS = 500;
    private static final int ERROR_CHARS_MAX = 1_000;

    private final Notebook book;
    /** By id; those of the newest list only. */
    private final Map<String, PrefetchState> states = new LinkedHashMap<>();
    private boolean news;
    private boolean urgent;
    private long toldMs;

    PrefetchNews(Notebook book) {
        this.book = book;
    }

    /** A newer list takes the place of the one before; what stands in both goes on. */
    void ordered(List<Prefetch> items) {
        Map<String, PrefetchState> before = new LinkedHashMap<>(states);
        Map<String, Prefetch> wanted = new LinkedHashMap<>();
        states.clear();
        for (Prefetch item : items) {
            String id = item.getId();
            if (wanted.size() < ITEMS_MAX || wanted.containsKey(id)) {
                wanted.putIfAbsent(id, item);
                states.putIfAbsent(id, before.getOrDefault(id, state(id, Stage.WAITING).build()));
            } else {
                states.put(id, state(id, Stage.UNFETCHED).setError("an agent fetches " + ITEMS_MAX
                        + " things ahead of time at once; name it later").build());
            }
        }
        news = true;
        urgent = true;
        book.emit(new Effect.Prefetch(List.copyOf(wanted.values())));
    }

    private static PrefetchState.Builder state(String id, Stage stage) {
        return PrefetchState.newBuilder().setId(id).setStage(stage);
    }

    void seen(PrefetchState state) {
        PrefetchState before = states.get(state.getId());
        if (before == null || before.equals(state)) {
            return;
        }
        String error = state.getError();
        states.put(state.getId(), error.length() <= ERROR_CHARS_MAX
                ? state
                : state.toBuilder().setError(error.substring(0, ERROR_CHARS_MAX)).build());
        news = true;
        urgent = urgent || before.getStage() != state.getStage();
    }

    /** The message that is due. */
    Optional<AgentMessage> news(long nowMs) {
        if (!news || (!urgent && nowMs - toldMs < PROGRESS_EVERY_MS)) {
            return Optional.empty();
        }
        news = false;
        urgent = false;
        toldMs = nowMs;
        return Optional.of(AgentMessage.newBuilder()
                .setPrefetched(Prefetched.newBuilder().addAllStates(states.values())).build());
    }
}
