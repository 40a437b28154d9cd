package io.springtide.master.traffic;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.springtide.cloud.spi.traffic.TrafficReport;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: the log has every change of a driver's trouble, once: drivers themselves say nothing there. */
class DriverWatchLogTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(DriverWatch.class);
    private final Level before = log.getEffectiveLevel();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void begin() {
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
    }

    @AfterEach
    void end() {
        log.detachAppender(lines);
        log.setLevel(before);
    }

    @Test
    void everyChangeIsSaidOnce() {
        FakeDriver driver = new FakeDriver();
        DriverWatch watch = new DriverWatch(driver, InstantSource.system());
        for (String trouble : List.of("", "one", "one", "two", "two", "", "", "one")) {
            driver.says = new TrafficReport(1, trouble, 1, List.of());
            watch.look();
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "traffic_driver_trouble driver=fake trouble=\"one\"",
                "traffic_driver_trouble driver=fake trouble=\"two\"",
                "traffic_driver_well driver=fake",
                "traffic_driver_trouble driver=fake trouble=\"one\"");
    }
}
