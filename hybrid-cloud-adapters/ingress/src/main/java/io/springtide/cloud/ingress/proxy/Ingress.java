package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.support.Claims;
import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The load balancer: serves what the last table says. Any thread may call. */
public final class Ingress {

    private static final long POLL_MS = 20;

    private final Vertx vertx;
    private final Loop.Common common;
    private final CookieKeys keys;
    private final List<String> groups;
    private final List<Loop> loops;
    private final Doors doors;
    private final Meter meter;
    private Map<String, Served> services = Map.of();
    private String conflicts = "";
    private volatile long inForce;
    private int port;

    private Ingress(Vertx vertx, Loop.Common common, CookieKeys keys, List<String> groups,
            String host, List<Loop> loops) {
        this.vertx = vertx;
        this.common = common;
        this.keys = keys;
        this.groups = List.copyOf(groups);
        this.loops = loops;
        this.doors = new Doors(vertx, host, loops, common.limits);
        this.meter = new Meter(loops);
    }

    /**
     * Listens, and serves nothing yet.
     *
     * @param host address that clients connect to, also at ports of services
     * @param port of virtual hosts; 0 = any free one
     * @param groups whose services are served; empty = those of all
     * @param trusted clients are proxies of our own, whose X-Forwarded-For is believed
     * @return fails if the port cannot be listened at
     */
    public static Future<Ingress> start(Vertx vertx, String host, int port, List<String> groups,
            CookieKeys keys, boolean trusted, IngressLimits limits) {
        Loop.Common common = new Loop.Common(limits, new Forwarding(trusted));
        SplittableRandom random = new SplittableRandom();
        List<Future<Loop>> made = new ArrayList<>();
        for (int i = 0; i < limits.loops(); i++) {
            int index = i;
            SplittableRandom own = random.split();
            Promise<Loop> promise = Promise.promise();
            // Each context has the next event loop of the group, which has as many as there are loops.
            Context context = ((VertxInternal) vertx).createEventLoopContext();
            context.runOnContext(run -> promise.complete(new Loop(index, common, vertx, own)));
            made.add(promise.future());
        }
        return Future.all(made).compose(all -> {
            Ingress ingress = new Ingress(vertx, common, keys, groups, host,
                    List.copyOf(all.list()));
            return ingress.doors.openMain(port).map(bound -> {
                ingress.port = bound;
                return ingress;
            });
        });
    }

    /** Where virtual hosts are served. */
    public int port() {
        return port;
    }

    /** The newest revision that all event loops act on. */
    public long inForce() {
        return inForce;
    }

    /** Connections of clients. */
    public int clients() {
        return common.clients.get();
    }

    /**
     * Serves this from now on. Requests under way go on where they are.
     *
     * @return completed when it is in force on all event loops and ports are open or found to be taken
     */
    public Future<Void> serve(TrafficTable table) {
        List<Target> leaving;
        Table next;
        synchronized (this) {
            leaving = new ArrayList<>();
            next = build(table, leaving);
            common.table = next;
        }
        List<Future<Void>> turned = new ArrayList<>();
        for (Loop loop : loops) {
            turned.add(on(loop, one -> one.turned(leaving)));
        }
        return Future.all(turned).compose(all -> doors.want(next.ports())).map(open -> {
            inForce = table.revision();
            return null;
        });
    }

    private Table build(TrafficTable table, List<Target> leaving) {
        long now = System.nanoTime();
        boolean first = common.table.revision() == 0;
        Map<String, Served> before = new HashMap<>(services);
        Map<String, Served> after = new HashMap<>();
        Routes.Builder<Served> routes = new Routes.Builder<>();
        Map<Integer, Served> ports = new TreeMap<>();
        Claims claims = new Claims();
        List<String> leftOut = new ArrayList<>();
        List<Service> ordered = new ArrayList<>(table.services());
        // By name, so that of two that want the same place the same one has it in every ingress.
        ordered.sort((one, other) -> one.id().compareTo(other.id()));
        for (Service service : ordered) {
            if (!Claims.meant(service, groups)) {
                continue;
            }
            Served served = before.remove(service.id());
            if (served == null) {
                served = new Served(service, keys, loops.size(), first, now);
            } else {
                leaving.addAll(served.update(service, keys, first, now));
            }
            after.put(served.id, served);
            Optional<String> wrong = claims.take(service);
            if (wrong.isEmpty()) {
                place(served, routes, ports);
            } else {
                leftOut.add(wrong.get());
            }
        }
        for (Served served : before.values()) {
            served.gone = true;
            Service none = new Service(served.said.app(), served.said.portIndex(),
                    served.said.front(), served.said.rules(), List.of());
            leaving.addAll(served.update(none, keys, false, now));
        }
        services = Map.copyOf(after);
        conflicts = leftOut.isEmpty() ? "" : Words.said(leftOut);
        return new Table(table.revision(), routes.build(), ports, List.copyOf(after.values()));
    }

    private static void place(Served served, Routes.Builder<Served> routes,
            Map<Integer, Served> ports) {
        Front front = served.said.front();
        if (front.servicePort() > 0) {
            ports.put(front.servicePort(), served);
        }
        for (String host : Claims.hosts(front)) {
            routes.add(host.isEmpty() ? "*" : host, Claims.prefix(front), served);
        }
    }

    /**
     * What has happened since the last time this was called, and what is in force.
     *
     * @param patienceMs so long event loops that are busy are waited for; the latencies of one that is
     *     late are in the next report, all else is as it is now
     */
    public TrafficReport measure(long patienceMs) throws InterruptedException {
        // First: loads are counted after the revision has come into force.
        long revision = inForce;
        List<ServiceLoad> loads = meter.measure(common.table.services(), patienceMs);
        return new TrafficReport(revision, trouble(), meter.lastMs(), loads);
    }

    /**
     * What is in force and under way now, with the rates that were measured last, and of that time: it
     * is no newer measurement.
     */
    public TrafficReport confirm() {
        long revision = inForce;
        List<ServiceLoad> loads = meter.renewed(common.table.services());
        return new TrafficReport(revision, trouble(), meter.lastMs(), loads);
    }

    private synchronized String trouble() {
        return (conflicts + " " + doors.trouble()).strip();
    }

    /** Since the start, by service: requests that came, were refused, reached an endpoint, failed there. */
    public Map<String, List<Long>> totals() {
        return meter.totals();
    }

    /** Tries again to listen at ports that were taken. */
    public Future<Void> retryPorts() {
        return doors.trouble().isEmpty()
                ? Future.succeededFuture()
                : doors.want(common.table.ports());
    }

    private static Future<Void> on(Loop loop, Consumer<Loop> work) {
        Promise<Void> done = Promise.promise();
        loop.context.runOnContext(run -> {
            try {
                work.accept(loop);
                done.complete();
            } catch (RuntimeException bug) {
                done.fail(bug);
            }
        });
        return done.future();
    }

    /**
     * Lets nobody in any more, waits for what is under way, and cuts what is left after the time.
     *
     * @return how many requests and connections had to be cut
     */
    public Future<Integer> drain(long millis) {
        common.draining = true;
        // Servers close idle connections at once, and the others as soon as they are idle.
        Future<Void> closed = doors.close((millis + 999) / 1_000);
        for (Loop loop : loops) {
            loop.context.runOnContext(run -> loop.closeIdleClients());
        }
        Promise<Integer> over = Promise.promise();
        long deadline = System.nanoTime() + millis * 1_000_000;
        vertx.setPeriodic(POLL_MS, timer -> underWay().onSuccess(left -> {
            if (left == 0 || System.nanoTime() - deadline >= 0) {
                vertx.cancelTimer(timer);
                over.tryComplete(left);
            }
        }));
        closed.onFailure(over::tryFail);
        return over.future();
    }

    /** Requests and TCP connections that are under way. */
    public Future<Integer> underWay() {
        int[] sum = new int[1];
        Future<Void> counted = Future.succeededFuture();
        for (Loop loop : loops) {
            counted = counted.compose(before -> on(loop, one -> sum[0] += one.underWay()));
        }
        return counted.map(all -> sum[0]);
    }
}
