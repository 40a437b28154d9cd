package io.springtide.agent.fetch;

import io.springtide.api.agent.Artifact;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches images and artifacts ahead of time, one after the other on a thread of its own: what is needed
 * now comes first, and the machine is there for its tasks.
 */
public final class Prefetcher implements AutoCloseable {

    /** Brings an image onto this machine unless it is there; says why not. */
    @FunctionalInterface
    public interface Images {
        Optional<String> fetch(String image, FetchProgress progress, BooleanSupplier cancelled)
                throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final int ATTEMPTS_MAX = 4;
    private static final long RETRY_MS_FIRST = 1_000;
    private static final long PROGRESS_EVERY_MS = 250;
    private static final long CLOSE_MS_MAX = 2_000;

    private static final class Item {
        private final Prefetch wanted;
        private int attempts;
        private long notBeforeMs;

        Item(Prefetch wanted) {
            this.wanted = wanted;
        }
    }

    private final Images images;
    private final Fetcher fetcher;
    private final Consumer<PrefetchState> listener;
    /** All of the newest list; also its lock. */
    private final Map<String, Item> newest = new LinkedHashMap<>();
    /** What is still to be done; under the lock of {@code newest}. */
    private final List<Item> open = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("prefetch")
            .unstarted(this::run);
    private boolean started;
    private volatile boolean closed;

    /** @param listener hears how far each has come, from any thread */
    public Prefetcher(Images images, Fetcher fetcher, Consumer<PrefetchState> listener) {
        this.images = images;
        this.fetcher = fetcher;
        this.listener = listener;
    }

    /** Fetches these and nothing else; what stood in the list before goes on, or is done. */
    public void want(List<Prefetch> items) {
        synchronized (newest) {
            Map<String, Item> before = new LinkedHashMap<>(newest);
            newest.clear();
            for (Prefetch item : items) {
                Item known = before.get(item.getId());
                newest.put(item.getId(), known == null ? new Item(item) : known);
                if (known == null) {
                    open.add(newest.get(item.getId()));
                }
            }
            open.retainAll(newest.values());
            if (!started && !open.isEmpty()) {
                started = true;
                thread.start();
            }
            newest.notifyAll();
        }
    }

    private void run() {
        try {
            while (!closed) {
                Item next = next();
                fetch(next);
            }
        } catch (InterruptedException e) {
            LOG.debug("prefetch.closed");
        }
    }

    /** The first whose turn has come; waits for it. */
    private Item next() throws InterruptedException {
        synchronized (newest) {
            while (true) {
                long nowMs = upMs();
                long waitMs = Long.MAX_VALUE;
                for (Item one : open) {
                    if (one.notBeforeMs <= nowMs) {
                        open.remove(one);
                        return one;
                    }
                    waitMs = Math.min(waitMs, one.notBeforeMs - nowMs);
                }
                newest.wait(waitMs == Long.MAX_VALUE ? 0 : waitMs);
            }
        }
    }

    private boolean unwanted(Item item) {
        synchronized (newest) {
            return closed || newest.get(item.wanted.getId()) != item;
        }
    }

    private void fetch(Item item) throws InterruptedException {
        String id = item.wanted.getId();
        Progress progress = new Progress(id);
        progress.tell();
        Optional<String> problem = Optional.empty();
        try {
            problem = fetch(item, progress);
        } catch (RuntimeException e) {
            LOG.error("prefetch.bug id={}", id, e);
            problem = Optional.of("an unexpected error of the agent: " + e);
        }
        if (unwanted(item)) {
            LOG.info("prefetch.cancelled id={}", id);
        } else if (problem.isEmpty()) {
            LOG.info("prefetch.done id={}", id);
            listener.accept(progress.state(Stage.DONE, ""));
        } else {
            failed(item, problem.get(), progress);
        }
    }

    private Optional<String> fetch(Item item, Progress progress) throws InterruptedException {
        BooleanSupplier cancelled = () -> unwanted(item);
        if (!item.wanted.getImage().isEmpty()) {
            Optional<String> problem = images.fetch(item.wanted.getImage(), progress, cancelled);
            if (problem.isPresent()) {
                return problem;
            }
            progress.next();
        }
        for (Artifact artifact : item.wanted.getArtifactsList()) {
            Optional<String> problem = fetcher.fetchAhead(artifact, progress, cancelled);
            if (problem.isPresent()) {
                return problem;
            }
            progress.next();
        }
        return Optional.empty();
    }

    private void failed(Item item, String problem, Progress progress) {
        item.attempts++;
        String id = item.wanted.getId();
        if (item.attempts >= ATTEMPTS_MAX) {
            LOG.warn("prefetch.failed id={} reason=\"{}\"", id, problem);
            listener.accept(progress.state(Stage.UNFETCHED, problem));
            return;
        }
        long delayMs = RETRY_MS_FIRST << (2 * (item.attempts - 1));
        LOG.info("prefetch.again id={} attempt={} reason=\"{}\"", id, item.attempts, problem);
        item.notBeforeMs = upMs() + ThreadLocalRandom.current().nextLong(delayMs / 2, delayMs);
        listener.accept(progress.state(Stage.WAITING, problem));
        synchronized (newest) {
            if (newest.get(id) == item) {
                open.add(item);
            }
        }
    }

    private static long upMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Sums up the bytes of one item's parts, and tells of them now and then. */
    private final class Progress implements FetchProgress {
        private final String id;
        private long doneBefore;
        private long done;
        private long total;
        private long toldMs;

        Progress(String id) {
            this.id = id;
        }

        @Override
        public synchronized void bytes(long doneNow, long totalNow) {
            done = doneNow;
            total = totalNow;
            if (upMs() - toldMs >= PROGRESS_EVERY_MS) {
                tell();
            }
        }

        synchronized void next() {
            doneBefore += Math.max(done, total);
            done = 0;
            total = 0;
        }

        synchronized void tell() {
            toldMs = upMs();
            listener.accept(state(Stage.FETCHING, ""));
        }

        synchronized PrefetchState state(Stage stage, String error) {
            return PrefetchState.newBuilder().setId(id).setStage(stage).setError(error)
                    .setBytesDone(doneBefore + done).setBytesTotal(doneBefore + total).build();
        }
    }

    /** Gives up what is being fetched. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
