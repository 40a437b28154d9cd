package io.springtide.agent.fetch;

import io.springtide.agent.Await;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrefetcherTest {

    private final Map<String, PrefetchState> states = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Set<String> released = ConcurrentHashMap.newKeySet();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger atOnceMax = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();
    private final Prefetcher prefetcher = new Prefetcher(this::fetch, Fetcher.standard(),
            state -> states.put(state.getId(), state));

    @AfterEach
    void close() {
        prefetcher.close();
    }

    private Optional<String> fetch(String image, FetchProgress progress,
            BooleanSupplier cancelled) {
        asked.add(image);
        atOnceMax.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            progress.bytes(10, 40);
            Await.until(image + " may come, or is given up",
                    () -> decided(image) || cancelled.getAsBoolean());
            if (!decided(image)) {
                cancellations.incrementAndGet();
                return Optional.of("cancelled");
            }
            return broken.contains(image) ? Optional.of("no such image") : Optional.empty();
        } finally {
            atOnce.decrementAndGet();
        }
    }

    private boolean decided(String image) {
        return released.contains(image) || broken.contains(image);
    }

    private static Prefetch item(String id) {
        return Prefetch.newBuilder().setId(id).setImage("image-" + id).build();
    }

    private PrefetchState state(String id) {
        return states.getOrDefault(id, PrefetchState.getDefaultInstance());
    }

    private Stage stage(String id) {
        return state(id).getStage();
    }

    @Test
    void fetchesOneAfterTheOtherAndEachOnce() {
        prefetcher.want(List.of(item("a"), item("b"), item("c")));
        Await.until("the first is asked for", () -> stage("a") == Stage.FETCHING);
        released.addAll(List.of("image-a", "image-b", "image-c"));
        for (String id : List.of("a", "b", "c")) {
            Await.until(id + " is there", () -> stage(id) == Stage.DONE);
        }
        prefetcher.want(List.of(item("a"), item("c"), item("d")));
        Await.until("the new one is asked for", () -> asked.contains("image-d"));
        assertThat(asked).containsExactly("image-a", "image-b", "image-c", "image-d");
        assertThat(atOnceMax).hasValue(1);
        assertThat(state("a").getBytesDone()).isEqualTo(40);
    }

    @Test
    void whatIsWantedNoMoreIsGivenUp() {
        prefetcher.want(List.of(item("a"), item("b")));
        Await.until("the first is asked for", () -> asked.contains("image-a"));
        released.add("image-b");
        prefetcher.want(List.of(item("b")));
        Await.until("the other is there", () -> stage("b") == Stage.DONE);
        assertThat(cancellations).hasValue(1);
        assertThat(stage("a")).isEqualTo(Stage.FETCHING);
        prefetcher.want(List.of());
    }

    @Test
    void whatGoesOnInTheNewListIsNotBegunAnew() {
        prefetcher.want(List.of(item("a")));
        Await.until("it is asked for", () -> asked.contains("image-a"));
        prefetcher.want(List.of(item("z"), item("a")));
        released.addAll(List.of("image-a", "image-z"));
        Await.until("both are there",
                () -> stage("a") == Stage.DONE && stage("z") == Stage.DONE);
        assertThat(asked).containsExactly("image-a", "image-z");
        assertThat(cancellations).hasValue(0);
    }

    @Test
    void whatFailsIsTriedAgainBehindTheOthersAndThenDone() {
        broken.add("image-a");
        prefetcher.want(List.of(item("a"), item("b")));
        Await.until("it is to be tried again", () -> stage("a") == Stage.WAITING);
        assertThat(state("a").getError()).isEqualTo("no such image");
        released.addAll(List.of("image-a", "image-b"));
        broken.clear();
        Await.until("both are there",
                () -> stage("a") == Stage.DONE && stage("b") == Stage.DONE);
        assertThat(asked).containsExactly("image-a", "image-b", "image-a");
        assertThat(state("a").getError()).isEmpty();
    }
}
