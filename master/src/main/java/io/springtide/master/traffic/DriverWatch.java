package io.springtide.master.traffic;

import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.springtide.master.traffic.TrafficPort.Ailing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One driver, and how it has been doing. Drivers promise to throw nothing; one that does is in trouble
 * and keeps nobody else from working.
 */
final class DriverWatch {

    /** Trouble that is over by then was none of people's business. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DriverWatch.class);

    private final TrafficDriver driver;
    private final InstantSource clock;
    private volatile TrafficReport newest = TrafficReport.NOTHING;
    private volatile boolean worked;
    private volatile long troubleSinceMs;

    DriverWatch(TrafficDriver driver, InstantSource clock) {
        this.driver = driver;
        this.clock = clock;
    }

    String name() {
        return driver.name();
    }

    /** The driver, if it is the one that ingresses talk to. */
    Optional<IngressDriver> ingress() {
        return driver instanceof IngressDriver one ? Optional.of(one) : Optional.empty();
    }

    void serve(TrafficTable table) {
        try {
            driver.serve(table);
        } catch (RuntimeException bug) {
            LOG.error("traffic_driver_failed driver={}", name(), bug);
        }
    }

    /** Asks it; one thread. */
    TrafficReport look() {
        String before = newest.trouble();
        try {
            newest = driver.report();
        } catch (RuntimeException bug) {
            LOG.error("traffic_driver_failed driver={}", name(), bug);
            newest = new TrafficReport(newest.revision(),
                    "The driver has failed by a fault of its own; the master's log says more.",
                    newest.atMs(), newest.services());
        }
        if (newest.trouble().isEmpty()) {
            worked |= newest.atMs() != 0;
            troubleSinceMs = 0;
        } else if (troubleSinceMs == 0) {
            troubleSinceMs = clock.millis();
        }
        if (!newest.trouble().equals(before)) {
            if (newest.trouble().isEmpty()) {
                LOG.info("traffic_driver_well driver={}", name());
            } else {
                LOG.warn("traffic_driver_trouble driver={} trouble=\"{}\"", name(),
                        newest.trouble());
            }
        }
        return newest;
    }

    /** What it said last. */
    TrafficReport newest() {
        return newest;
    }

    /** Its trouble, if it has lasted. One that has never worked is not used here, or not yet. */
    Optional<Ailing> ailing() {
        long sinceMs = troubleSinceMs;
        return worked && sinceMs != 0 && clock.millis() - sinceMs >= PATIENCE.toMillis()
                ? Optional.of(new Ailing(name(), newest.trouble(), sinceMs))
                : Optional.empty();
    }

    void close() {
        try {
            driver.close();
        } catch (RuntimeException bug) {
            LOG.error("traffic_driver_failed driver={}", name(), bug);
        }
    }
}
