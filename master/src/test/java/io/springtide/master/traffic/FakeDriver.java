package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.ArrayList;
import java.util.List;

/** A driver that says what a test tells it to. */
final class FakeDriver implements TrafficDriver {

    final List<TrafficTable> told = new ArrayList<>();
    TrafficReport says = TrafficReport.NOTHING;
    boolean closed;

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public void serve(TrafficTable table) {
        told.add(table);
    }

    TrafficTable last() {
        return told.getLast();
    }

    /** Everything that it was told is in force, and nothing is under way. */
    void idle() {
        says = new TrafficReport(last().revision(), "", 1, List.of());
    }

    /** Everything that it was told is in force, and one instance has this many requests and sessions. */
    void busy(String service, long instance, int inFlight, int sessions) {
        says = new TrafficReport(last().revision(), "", says.atMs() + 1,
                List.of(new ServiceLoad(service, 12, 2, 3,
                        List.of(new EndpointLoad(instance, inFlight, sessions, 10, 1, 5, 20)))));
    }

    @Override
    public TrafficReport report() {
        return says;
    }

    @Override
    public void close() {
        closed = true;
    }
}
