package io.springtide.cloud.ingress;

import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what several ingresses have measured. */
final class LoadSum {

    private double arrivals;
    private double refused;
    private int waiting;
    private final Map<Long, EndpointLoad> endpoints = new LinkedHashMap<>();

    private LoadSum() {}

    /**
     * Several reports as one: the lowest revision, the newest time, all troubles, loads added, the worst
     * p99 of all (a true one cannot be had from those of parts).
     *
     * @param reports at least one
     */
    static TrafficReport of(List<TrafficReport> reports) {
        long revision = Long.MAX_VALUE;
        long atMs = 0;
        List<String> troubles = new ArrayList<>();
        Map<String, LoadSum> sums = new TreeMap<>();
        for (TrafficReport report : reports) {
            revision = Math.min(revision, report.revision());
            atMs = Math.max(atMs, report.atMs());
            if (!report.trouble().isEmpty() && !troubles.contains(report.trouble())) {
                troubles.add(report.trouble());
            }
            for (ServiceLoad load : report.services()) {
                sums.computeIfAbsent(load.service(), id -> new LoadSum()).add(load);
            }
        }
        List<ServiceLoad> services = new ArrayList<>();
        sums.forEach((id, sum) -> services.add(new ServiceLoad(id, sum.arrivals, sum.refused,
                sum.waiting, List.copyOf(sum.endpoints.values()))));
        return new TrafficReport(revision, String.join(" ", troubles), atMs, services);
    }

    private void add(ServiceLoad load) {
        arrivals += load.arrivalsPerSecond();
        refused += load.refusedPerSecond();
        waiting += load.waiting();
        for (EndpointLoad endpoint : load.endpoints()) {
            endpoints.merge(endpoint.instance(), endpoint, EndpointLoad::plus);
        }
    }
}
