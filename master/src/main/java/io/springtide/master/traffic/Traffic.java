package io.springtide.master.traffic;

import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.agents.KillGate;
import io.springtide.master.agents.Timing;
import io.springtide.master.view.ClusterView;
import io.springtide.master.view.CommitListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The traffic of one reign: makes the table out of durable facts, tells it to the drivers, and holds
 * kills back until they have let go. Nothing of it is journaled; the next leader begins anew, with
 * higher revisions.
 *
 * <p>The listener's methods belong to the outbox's thread and wait for nothing but a brief lock; drivers
 * are told on the timer's thread.
 */
public final class Traffic implements TrafficPort, CommitListener, KillGate, AutoCloseable {

    /** Between two tables; a burst of facts makes one table. */
    static final Duration TABLE_PAUSE = Duration.ofMillis(20);

    /** How often drivers are asked how far they are. */
    static final Duration LOOK = Duration.ofMillis(100);

    /** What ingresses report within such a time is looked at together. */
    static final Duration REPORT_PAUSE = Duration.ofMillis(20);

    private static final int EPOCH_SHIFT = 32;
    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);

    private final Timing timing;
    private final InstantSource clock;
    private final List<DriverWatch> drivers;
    private final LoadTable loads = new LoadTable();
    private final Rotation rotation;
    private final TableBytes bytes = new TableBytes();
    /** Guarded by itself, as is what stands below it. */
    private final Services services;
    private boolean due;
    private long toldNanos;
    private long revision;
    private TrafficTable newest = TrafficTable.EMPTY;

    private volatile Consumer<List<Long>> release = instances -> {
    };
    private final AtomicBoolean called = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * Prepares; {@link #begin} sets it going.
     *
     * @param drivers closed with this
     * @param timing closed with this
     */
    public Traffic(long epoch, List<TrafficDriver> drivers, ServiceReader reader, Timing timing,
            InstantSource clock) {
        this.drivers = drivers.stream().map(driver -> new DriverWatch(driver, clock)).toList();
        this.timing = timing;
        this.clock = clock;
        services = new Services(reader);
        rotation = new Rotation(timing.nanoTime());
        revision = epoch << EPOCH_SHIFT;
        toldNanos = timing.nanoTime() - TABLE_PAUSE.toNanos();
    }

    /** Makes the first table out of what is committed. Before further facts are told. */
    public void begin(ClusterView view) {
        view.read(state -> {
            synchronized (services) {
                services.settle(state, clock.millis());
                due = true;
            }
            return Optional.empty();
        });
        if (!drivers.isEmpty()) {
            timing.after(Duration.ZERO, this::tell);
            timing.every(LOOK, this::look);
        }
    }

    /** Ends the work; what is served stays served. */
    @Override
    public void close() {
        closed = true;
        timing.close();
        drivers.forEach(DriverWatch::close);
    }

    // ------------------------------------------------------------ facts

    @Override
    public void before(Event event, ClusterState state) {
        synchronized (services) {
            services.before(event, state);
        }
    }

    @Override
    public void after(Event event, ClusterState state) {
        synchronized (services) {
            services.after(event, state);
        }
    }

    @Override
    public void leapt(ClusterState state) {
        synchronized (services) {
            services.touchAll();
        }
    }

    @Override
    public void batchEnd(ClusterState state) {
        boolean call;
        List<Long> gone;
        synchronized (services) {
            boolean changed = services.settle(state, clock.millis());
            gone = services.drainGone();
            call = changed && !due;
            due |= changed;
        }
        if (!gone.isEmpty()) {
            rotation.gone(gone);
        }
        if (call) {
            callSoon();
        }
    }

    private void callSoon() {
        if (drivers.isEmpty()) {
            return; // whoever wants to see the table has it made
        }
        long since = timing.nanoTime() - toldAt();
        timing.after(Duration.ofNanos(Math.max(0, TABLE_PAUSE.toNanos() - since)), this::tell);
    }

    private long toldAt() {
        synchronized (services) {
            return toldNanos;
        }
    }

    // ------------------------------------------------------------ drivers; timer's thread

    private void tell() {
        if (closed) {
            return;
        }
        try {
            renew().ifPresent(
                    table -> drivers.forEach(driver -> driver.serve(table)));
        } catch (RuntimeException bug) {
            // Still due; without another attempt all would stay with the table that they have.
            LOG.error("traffic_table_failed", bug);
            timing.after(LOOK, this::tell);
        }
    }

    /** The next table, if there is anything new. */
    private Optional<TrafficTable> renew() {
        TrafficTable table;
        synchronized (services) {
            if (!due) {
                return Optional.empty();
            }
            toldNanos = timing.nanoTime();
            table = new TrafficTable(revision + 1, services.all());
            revision = table.revision();
            newest = table;
            due = false;
            rotation.told(table.revision(), (app, instance) -> services.app(app)
                    .flatMap(one -> one.standing(instance))
                    .filter(standing -> standing != AppTraffic.Standing.DRAINING).isEmpty());
        }
        return Optional.of(table);
    }

    private void look() {
        List<TrafficReport> reports = new ArrayList<>(drivers.size());
        drivers.forEach(driver -> reports.add(driver.look()));
        loads.take(reports, timing.nanoTime());
        List<Long> ended = rotation.due(reports, timing.nanoTime());
        if (!ended.isEmpty()) {
            release.accept(ended);
        }
    }

    // ------------------------------------------------------------ kills

    @Override
    public boolean mayKill(Instance instance) {
        synchronized (services) {
            Optional<AppTraffic> app = services.app(instance.app().id());
            boolean told = !due && app.flatMap(one -> one.standing(instance.number()))
                    .filter(standing -> standing == AppTraffic.Standing.DRAINING).isPresent();
            return rotation.mayKill(instance, app, !drivers.isEmpty(),
                    told ? newest.revision() : 0, timing.nanoTime());
        }
    }

    @Override
    public void onRelease(Consumer<List<Long>> listener) {
        release = listener;
    }

    /** How many instances were ended before they had finished, in this reign. */
    public long cuts() {
        return rotation.cuts();
    }

    /** How many instances are held now. */
    public int held() {
        return rotation.held();
    }

    // ------------------------------------------------------------ what others ask

    @Override
    public TrafficLoads loads() {
        return loads;
    }

    /** All apps that have been measured, by id. */
    public Map<AppId, AppLoad> measured() {
        return loads.all();
    }

    @Override
    public Optional<Boolean> release(AppId app) {
        boolean call = false;
        Optional<Boolean> found;
        synchronized (services) {
            Optional<AppTraffic> traffic = services.app(app);
            found = traffic.map(AppTraffic::release);
            if (traffic.isPresent() && traffic.get().changed()) {
                call = !due;
                due = true;
            }
        }
        if (call) {
            callSoon();
        }
        return found;
    }

    @Override
    public Trouble trouble() {
        List<Empty> empty = new ArrayList<>();
        synchronized (services) {
            services.apps().stream().filter(app -> app.emptySinceMs() != 0).forEach(
                    app -> empty.add(new Empty(app.id(), app.kept(), app.emptySinceMs())));
        }
        List<Ailing> ailing = new ArrayList<>();
        drivers.forEach(driver -> driver.ailing().ifPresent(ailing::add));
        return new Trouble(empty, ailing);
    }

    @Override
    public Picture picture() {
        List<Driver> known = new ArrayList<>();
        Map<String, List<TrafficReport.ServiceLoad>> measured = new TreeMap<>();
        drivers.forEach(driver -> {
            TrafficReport report = driver.newest();
            known.add(new Driver(driver.name(), report.revision(), report.trouble(),
                    report.atMs()));
            report.services().forEach(load -> measured
                    .computeIfAbsent(load.service(), unused -> new ArrayList<>()).add(load));
        });
        if (drivers.isEmpty()) {
            var unused = renew();
        }
        Trouble trouble = trouble();
        Set<Long> kept = new HashSet<>();
        Set<Long> held = new HashSet<>();
        Map<AppId, List<Published.Fault>> faults = new TreeMap<>();
        TrafficTable table;
        synchronized (services) {
            table = newest;
            services.apps().forEach(app -> {
                if (!app.faults().isEmpty()) {
                    faults.put(app.id(), app.faults());
                }
            });
            for (Service service : table.services()) {
                Optional<AppTraffic> app = services.app(new AppId(service.app()));
                service.endpoints().forEach(one -> app
                        .flatMap(its -> its.standing(one.instance())).ifPresent(standing -> {
                            if (standing == AppTraffic.Standing.KEPT) {
                                kept.add(one.instance());
                            } else if (standing == AppTraffic.Standing.DRAINING
                                    && rotation.holds(one.instance())) {
                                held.add(one.instance());
                            }
                        }));
            }
        }
        Twice.of(table.services()).forEach((app, twice) -> faults.merge(app, twice,
                (one, other) -> Stream.concat(one.stream(), other.stream()).toList()));
        return new Picture(table.revision(), table.services(), kept, held, rotation.cuts(), faults,
                known, measured, trouble);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> table(String ingress, long known, Duration wait) {
        Optional<IngressDriver> driver = ingress();
        return driver.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : driver.get().table(ingress, known, wait).toCompletableFuture()
                        .thenCompose(table -> table.isEmpty()
                                ? CompletableFuture.completedFuture(Optional.empty())
                                : bytes.of(table.get()).thenApply(Optional::of));
    }

    @Override
    public boolean ingresses() {
        return ingress().isPresent();
    }

    @Override
    public void reported(byte[] json) {
        var report = TrafficJson.readReport(json);
        ingress().ifPresent(driver -> {
            driver.reported(report);
            if (!closed && called.compareAndSet(false, true)) {
                timing.after(rotation.held() > 0 ? Duration.ZERO : REPORT_PAUSE, () -> {
                    called.set(false);
                    look();
                });
            }
        });
    }

    private Optional<IngressDriver> ingress() {
        return drivers.stream().flatMap(driver -> driver.ingress().stream()).findFirst();
    }
}
