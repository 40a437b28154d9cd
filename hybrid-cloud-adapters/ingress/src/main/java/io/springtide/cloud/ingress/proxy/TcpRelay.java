package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a TCP service. Waits like a request, and counts as one as long as it is open. On its
 * event loop only.
 */
final class TcpRelay implements ServedLane.Waiter {

    private final Loop loop;
    private final Served served;
    private final ServedLane lane;
    private final NetSocket client;
    private final String address;
    private @Nullable Target failed;
    private boolean mayPass;
    private boolean done;
    private int retries;
    private long lateAt;

    TcpRelay(Loop loop, Served served, NetSocket client) {
        this.loop = loop;
        this.served = served;
        this.lane = served.lanes[loop.index];
        this.client = client;
        this.address = client.remoteAddress() == null
                ? "unknown"
                : client.remoteAddress().hostAddress();
    }

    void begin() {
        long now = System.nanoTime();
        lane.arrived();
        loop.add(this);
        client.pause();
        client.exceptionHandler(ignored -> {});
        client.closeHandler(gone -> close());
        if (!lane.anybodyWaits() && tryGo(now)) {
            return;
        }
        lateAt = now + served.roster.rules.waitMsMax() * 1_000_000L;
        if (lane.enter(this)) {
            loop.wait(lane);
        } else {
            late();
        }
    }

    @Override
    public boolean tryGo(long now) {
        lane.byRate = !mayPass && !served.rate.take(now);
        if (lane.byRate) {
            return false;
        }
        mayPass = true;
        Target target = loop.choice.any(served.roster, lane.turn, address, failed, now);
        if (target == null) {
            return false;
        }
        connect(target, now);
        return true;
    }

    @Override
    public void late() {
        lane.turnedAway();
        close();
        client.close();
    }

    @Override
    public long lateAt() {
        return lateAt;
    }

    private void connect(Target target, long now) {
        TargetLane at = target.lanes[loop.index];
        boolean trial = at.breaker.begin();
        at.lines++;
        target.inFlight.incrementAndGet();
        loop.tcp.connect(target.port, target.host).onComplete(socket -> {
            at.breaker.succeeded();
            if (done) {
                socket.close();
                ended(target, at, now, false);
                return;
            }
            client.closeHandler(null);
            Tunnel.join(client, socket, () -> {
                ended(target, at, now, false);
                close();
            });
        }, failure -> {
            if (done && trial) {
                at.breaker.abandoned();
            } else {
                at.breaker.failed(System.nanoTime(), true);
            }
            ended(target, at, now, true);
            retry(target);
        });
    }

    private void retry(Target target) {
        if (done) {
            return;
        }
        // Nothing was sent: another endpoint can take it. One bound to its address has no other.
        failed = target;
        long now = System.nanoTime();
        if (retries++ < Exchange.RETRIES_MAX
                && (served.roster.open.length > 1
                        || served.roster.rules.balance() == Balance.SOURCE)
                && tryGo(now)) {
            return;
        }
        close();
        client.close();
    }

    private void ended(Target target, TargetLane at, long began, boolean error) {
        at.measured(System.nanoTime() - began, error);
        at.lines--;
        target.inFlight.decrementAndGet();
        loop.freed();
    }

    private void close() {
        if (!done) {
            done = true;
            lane.leave(this);
            loop.remove(this);
            loop.departed();
        }
    }
}
