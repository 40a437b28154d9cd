package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Backoff;
import io.springtide.cloud.spi.support.Worker;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one HAProxy, 2.6 or later, on this machine. Endpoints come and go on its stats socket, without a
 * reload; services, fronts and rules are a new configuration. Once a second everything is compared with
 * what HAProxy says of itself, so a restart, or somebody else's hand, is noticed and made good.
 */
public final class HaproxyDriver implements TrafficDriver {

    static final String NAME = "haproxy";

    private static final Logger LOG = LoggerFactory.getLogger(HaproxyDriver.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_CAP = Duration.ofSeconds(2);

    private final Turn turn;
    private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_CAP, new Random());
    private final Worker<TrafficTable> worker;
    private volatile TrafficReport report = TrafficReport.NOTHING;

    HaproxyDriver(HaproxySettings settings) {
        this.turn = new Turn(settings);
        this.worker = new Worker<>("traffic-haproxy", this::work, this::stumbled);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void serve(TrafficTable table) {
        worker.give(table);
    }

    @Override
    public TrafficReport report() {
        return report;
    }

    @Override
    public void close() {
        worker.close();
    }

    private Worker.Next work(TrafficTable table) throws InterruptedException {
        try {
            Turn.Outcome outcome = turn.take(table);
            long revision = outcome.inForce() ? table.revision() : report.revision();
            report = new TrafficReport(revision, outcome.trouble(), System.currentTimeMillis(),
                    outcome.loads());
            backoff.reset();
            return Worker.Next.within(outcome.inForce() ? INTERVAL : RETRY_FIRST);
        } catch (IOException e) {
            // Rates of a HAProxy that does not answer would be inventions; what was in force is kept.
            report = new TrafficReport(report.revision(), String.valueOf(e.getMessage()),
                    report.atMs(), report.services());
            return Worker.Next.after(backoff.next());
        }
    }

    private void stumbled(RuntimeException e) {
        LOG.error("haproxy: a turn ended with an error; the next one begins anew", e);
        report = new TrafficReport(report.revision(),
                "the haproxy driver has stumbled over itself ("
                        + e + "); please report it with the log",
                report.atMs(), report.services());
    }
}
