package io.springtide.master.http;

import io.springtide.core.model.AppId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Pieces of answers that have been rendered and still hold. Bounded in bytes: it has two generations, and
 * when the young one is full the old one is dropped, so that what is asked for again and again stays. Any
 * thread.
 */
final class Pieces {

    /** What it is a piece of, and how it is shown. */
    record Key(AppId app, Kind kind, boolean packed) {}

    /** What is shown of an app. */
    record Kind(Part part, Embeds embeds) {}

    enum Part {
        APP, TASKS, TASKS_WITH_SERVICE_PORTS
    }

    /** A piece, and what it stands for. */
    private record Kept(long revision, Piece piece) {

        long size() {
            return piece.bytes().length + Piece.OVERHEAD_BYTES;
        }
    }

    private final long bytesMax;
    private final AtomicLong youngBytes = new AtomicLong();
    private volatile ConcurrentHashMap<Key, Kept> young = new ConcurrentHashMap<>();
    private volatile ConcurrentHashMap<Key, Kept> old = new ConcurrentHashMap<>();

    Pieces(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A piece that stands for this revision or a later one. */
    Optional<Piece> find(Key key, long revision) {
        Kept kept = young.get(key);
        if (kept == null) {
            kept = old.get(key);
            if (kept == null || kept.revision() < revision) {
                return Optional.empty();
            }
            put(key, kept);
        }
        return kept.revision() < revision ? Optional.empty() : Optional.of(kept.piece());
    }

    void put(Key key, long revision, Piece piece) {
        put(key, new Kept(revision, piece));
    }

    private void put(Key key, Kept kept) {
        Kept before = young.put(key, kept);
        long added = kept.size() - (before == null ? 0 : before.size());
        if (youngBytes.addAndGet(added) > bytesMax / 2) {
            grow();
        }
    }

    private synchronized void grow() {
        if (youngBytes.get() > bytesMax / 2) {
            old = young;
            young = new ConcurrentHashMap<>();
            youngBytes.set(0);
        }
    }

    /** Bytes held, those held by both generations counted twice. */
    long bytes() {
        long sum = 0;
        for (Kept kept : old.values()) {
            sum += kept.size();
        }
        return sum + youngBytes.get();
    }
}
