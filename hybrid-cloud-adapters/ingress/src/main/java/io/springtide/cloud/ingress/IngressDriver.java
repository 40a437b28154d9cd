package io.springtide.cloud.ingress;

import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The master's side of the embedded load balancer: ingresses fetch the table here and report here. Any
 * thread may call; nothing blocks.
 */
public final class IngressDriver implements TrafficDriver {

    /** Names the driver in configurations and reports. */
    public static final String NAME = "ingress";

    /** Nobody waits for an ingress that has been silent for longer. */
    public static final Duration SILENCE_MAX = Duration.ofSeconds(3);

    /**
     * Loads of an ingress count for longer: one that is late with its report is busy, and without its
     * loads the scaling of a flood would stand still. As long as the core believes a load.
     */
    public static final Duration LOAD_MAX = Duration.ofSeconds(5);

    /** So many ingresses are kept in mind; further ones get the table, but are not waited for. */
    public static final int INGRESSES_MAX = 1_000;

    /** So long a fetch waits at most, whatever was asked for. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** What is known of one ingress: when it was last heard of, and its last report. */
    private record Heard(long atNanos, TrafficReport report) {}

    private final LongSupplier nanoTime;
    private final Object lock = new Object();
    private final Map<String, Heard> ingresses = new HashMap<>();
    private final List<CompletableFuture<Optional<TrafficTable>>> waiting = new ArrayList<>();
    private TrafficTable newest = TrafficTable.EMPTY;
    private final long begunNanos;
    private boolean everHeard;
    private boolean closed;

    public IngressDriver() {
        this(System::nanoTime);
    }

    /** With a clock of the caller's. */
    IngressDriver(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begunNanos = nanoTime.getAsLong();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void serve(TrafficTable table) {
        List<CompletableFuture<Optional<TrafficTable>>> woken;
        synchronized (lock) {
            newest = table;
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        // Outside of the lock: what hangs on them runs here.
        woken.forEach(one -> one.complete(Optional.of(table)));
    }

    /**
     * The table, as soon as its revision is another than the ingress knows.
     *
     * @param ingressId who asks; counts as a sign of life
     * @param known revision that it has; 0 = none
     * @param wait how long it would wait, at most {@link #WAIT_MAX}
     * @return empty if it knows the newest one, or if there is none yet, when the time is over
     */
    @SuppressWarnings("ReferenceEquality") // this very fetch leaves
    public CompletionStage<Optional<TrafficTable>> table(String ingressId, long known,
            Duration wait) {
        CompletableFuture<Optional<TrafficTable>> answer = new CompletableFuture<>();
        synchronized (lock) {
            heard(ingressId, Optional.empty());
            // Before the first table nothing is said: an ingress goes on with what it has.
            if (newest.revision() != 0 && newest.revision() != known) {
                return CompletableFuture.completedFuture(Optional.of(newest));
            }
            if (closed || wait.isZero() || wait.isNegative()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            waiting.add(answer);
        }
        Duration most = wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait;
        return answer.completeOnTimeout(Optional.empty(), most.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((table, failure) -> {
                    synchronized (lock) {
                        // No sign of life: whoever asked may have died meanwhile.
                        waiting.removeIf(one -> one == answer);
                    }
                });
    }

    /** An ingress has measured something, or come further. One that was overtaken on its way is dropped. */
    public void reported(IngressReport report) {
        synchronized (lock) {
            Heard before = ingresses.get(report.id());
            if (before != null && overtaken(report.report(), before.report())) {
                return;
            }
            heard(report.id(), Optional.of(report.report()));
        }
    }

    /** Much older is no matter of the way: then its clock was set. */
    private static boolean overtaken(TrafficReport report, TrafficReport last) {
        long lateMs = last.atMs() - report.atMs();
        return (lateMs > 0 && lateMs < LOAD_MAX.toMillis())
                || (lateMs == 0 && report.revision() < last.revision());
    }

    private void heard(String id, Optional<TrafficReport> report) {
        Heard before = ingresses.get(id);
        everHeard = true;
        if (before == null && ingresses.size() >= INGRESSES_MAX) {
            forgetTheSilent();
            if (ingresses.size() >= INGRESSES_MAX) {
                return;
            }
        }
        // A fetch alone keeps the revision that was confirmed: loads that belong to it come with a report.
        TrafficReport last = report
                .orElse(before == null ? TrafficReport.NOTHING : before.report());
        ingresses.put(id, new Heard(nanoTime.getAsLong(), last));
    }

    private void forgetTheSilent() {
        long now = nanoTime.getAsLong();
        ingresses.values().removeIf(heard -> now - heard.atNanos() > LOAD_MAX.toNanos());
    }

    /**
     * The lowest revision in force of all ingresses that were heard of lately, and their loads as one. If
     * there is no ingress at all, the newest revision counts as in force: there is nobody to wait for.
     * Nobody knows that before they had the time to say a first word to this master.
     */
    @Override
    public TrafficReport report() {
        List<TrafficReport> reports = new ArrayList<>();
        synchronized (lock) {
            forgetTheSilent();
            long now = nanoTime.getAsLong();
            if (ingresses.isEmpty()) {
                boolean early = !everHeard && now - begunNanos < SILENCE_MAX.toNanos();
                return new TrafficReport(early ? 0 : newest.revision(), early
                        ? "No ingress has been heard of yet."
                        : "No ingress has been heard of for " + LOAD_MAX.toSeconds()
                                + " s. Start one: tide ingress --masters URL",
                        0, List.of());
            }
            boolean all = ingresses.values().stream().noneMatch(heard -> awaited(heard, now));
            ingresses.values().forEach(heard -> reports.add(all || awaited(heard, now)
                    ? heard.report()
                    // Its loads count; how far it is does not matter any more.
                    : new TrafficReport(Long.MAX_VALUE, heard.report().trouble(),
                            heard.report().atMs(), heard.report().services())));
        }
        return LoadSum.of(reports);
    }

    private static boolean awaited(Heard heard, long now) {
        return now - heard.atNanos() <= SILENCE_MAX.toNanos();
    }

    /** Ids of the ingresses that were heard of lately, with the revision each has in force. */
    public Map<String, Long> ingresses() {
        synchronized (lock) {
            forgetTheSilent();
            Map<String, Long> revisions = new HashMap<>();
            ingresses.forEach((id, heard) -> revisions.put(id, heard.report().revision()));
            return revisions;
        }
    }

    @Override
    public void close() {
        List<CompletableFuture<Optional<TrafficTable>>> woken;
        synchronized (lock) {
            closed = true;
            woken = List.copyOf(waiting);
            waiting.clear();
        }
        woken.forEach(one -> one.complete(Optional.empty()));
    }
}
