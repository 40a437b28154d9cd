package io.springtide.cloud.ingress.feed;

import io.springtide.cloud.ingress.proxy.Ingress;
import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an ingress in step with the masters: fetches tables for ever, serves the last one while no master
 * answers, and reports once a second and whenever a further table is in force.
 */
public final class Feed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final long RETRY_MS = 100;
    private static final long RETRY_MS_MAX = 5_000;
    private static final long REPORT_MS = 1_000;

    /** Event loops that have a flood to deal with are waited for no longer. */
    private static final long PATIENCE_MS = 200;

    /** Reports on their way; a master has less than two seconds for each. */
    private static final int UNDER_WAY_MAX = 2;

    /** A master that is told of a newer table than its own is a deposed one, or the cluster was set up anew. */
    private static final long OLDER_NANOS = 10_000_000_000L;
    private static final long OLDER_PAUSE_MS = 500;
    private static final long IN_FORCE_SECONDS = 30;

    private final Ingress ingress;
    private final Masters masters;
    private final Optional<DataFolder> folder;
    private final String id;
    private final List<String> groups;
    private final Thread fetching;
    private final Thread reporting;
    private final Object news = new Object();
    private boolean fresh;
    private int underWay;
    private long olderSince;
    private volatile boolean closed;
    private volatile String trouble = "No master has answered yet.";
    private volatile TrafficReport last = TrafficReport.NOTHING;

    /** @param folder where the last table is kept; empty = nowhere */
    public Feed(Ingress ingress, List<URI> urls, String id, List<String> groups,
            Optional<DataFolder> folder) {
        this.ingress = ingress;
        this.masters = new Masters(urls, id);
        this.folder = folder;
        this.id = id;
        this.groups = List.copyOf(groups);
        this.fetching = Thread.ofPlatform().daemon().name("tables").unstarted(this::fetch);
        this.reporting = Thread.ofPlatform().daemon().name("reports").unstarted(this::report);
    }

    /** Serves the table that was kept, if there is one, and begins to ask the masters. */
    public Feed start() {
        folder.flatMap(DataFolder::table).ifPresent(kept -> {
            try {
                serve(kept, false);
                LOG.info("table-kept revision={} services={}", kept.revision(),
                        kept.services().size());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        fetching.start();
        reporting.start();
        return this;
    }

    /** What the masters are about; empty if the last fetch went well. */
    public String trouble() {
        return trouble;
    }

    /** What was measured last. */
    public TrafficReport last() {
        return last;
    }

    private void fetch() {
        int failures = 0;
        while (!closed) {
            try {
                Optional<TrafficTable> table = masters.table(ingress.inForce(), WAIT);
                if (failures > 0 || !trouble.isEmpty()) {
                    LOG.info("master-answers revision={}", ingress.inForce());
                }
                failures = 0;
                trouble = "";
                if (table.isPresent()) {
                    take(table.get());
                } else {
                    olderSince = 0;
                }
            } catch (IOException failed) {
                if (closed) {
                    return;
                }
                failures++;
                trouble = "No table can be fetched: " + failed.getMessage() + ".";
                // The first, and then ever fewer.
                if (Integer.bitCount(failures) == 1) {
                    LOG.warn("master-fails times={} {}; the last table (revision {}) is served on",
                            failures, failed.getMessage(), ingress.inForce());
                }
                pause(jittered(failures));
            } catch (InterruptedException interrupted) {
                return;
            } catch (RuntimeException bug) {
                // Without this thread the ingress would never hear of a table again.
                failures++;
                trouble = "A table could not be taken over; the log says more.";
                LOG.error("table-not-taken revision={}", ingress.inForce(), bug);
                pause(jittered(failures));
            }
        }
    }

    private static long jittered(int failures) {
        long most = Math.min(RETRY_MS_MAX, RETRY_MS << Math.min(failures - 1, 10));
        return most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
    }

    private void take(TrafficTable table) throws InterruptedException {
        long now = System.nanoTime();
        if (table.revision() < ingress.inForce()) {
            // Said for longer than a deposed master can believe that it leads, it is true.
            olderSince = olderSince == 0 ? now : olderSince;
            if (now - olderSince < OLDER_NANOS) {
                Thread.sleep(OLDER_PAUSE_MS);
                return;
            }
            LOG.warn("table-older revision={} instead of {}: the cluster seems to be another one",
                    table.revision(), ingress.inForce());
        }
        olderSince = 0;
        serve(table, true);
    }

    private void serve(TrafficTable table, boolean keep) throws InterruptedException {
        try {
            ingress.serve(table).toCompletionStage().toCompletableFuture().get(IN_FORCE_SECONDS,
                    TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            LOG.error("table-not-in-force revision={}", table.revision(), failed);
            Thread.sleep(RETRY_MS_MAX);
            return;
        }
        synchronized (news) {
            fresh = true;
            news.notifyAll();
        }
        if (keep) {
            keep(table);
        }
    }

    private void keep(TrafficTable table) {
        folder.ifPresent(kept -> {
            try {
                kept.keep(table);
            } catch (IOException failed) {
                LOG.warn("table-not-kept revision={}: {}; a restart would begin with an older one",
                        table.revision(), failed.toString());
            }
        });
    }

    private void report() {
        long measureAt = System.nanoTime();
        while (!closed) {
            try {
                awaitTurn(measureAt);
                if (System.nanoTime() - measureAt < 0) {
                    send(ingress.confirm());
                    continue;
                }
                measureAt = System.nanoTime() + REPORT_MS * 1_000_000;
                TrafficReport report = ingress.measure(PATIENCE_MS);
                last = report;
                send(report);
                ingress.retryPorts().onFailure(failed -> LOG.warn("ports-not-opened", failed));
            } catch (InterruptedException interrupted) {
                return;
            } catch (RuntimeException bug) {
                // One report less; without this thread there would be none at all any more.
                LOG.error("not-reported", bug);
                pause(REPORT_MS);
            }
        }
    }

    private void send(TrafficReport report) {
        CompletableFuture<Boolean> sent = masters.report(new IngressReport(id, groups, report));
        synchronized (news) {
            underWay++;
        }
        var unused = sent.whenComplete((taken, failure) -> {
            synchronized (news) {
                underWay--;
                news.notifyAll();
            }
        });
    }

    /**
     * Returns at that time, also if the report before is still under way: a master that is slow in a flood
     * needs the next one all the more. With news it returns earlier, but after the report before.
     */
    private void awaitTurn(long untilNanos) throws InterruptedException {
        synchronized (news) {
            while (true) {
                long leftMs = (untilNanos - System.nanoTime() + 999_999) / 1_000_000;
                if (leftMs <= 0 ? underWay < UNDER_WAY_MAX : fresh && underWay == 0) {
                    fresh = false;
                    return;
                }
                news.wait(leftMs <= 0 ? REPORT_MS : leftMs);
            }
        }
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        fetching.interrupt();
        reporting.interrupt();
        masters.close();
    }
}
