package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.core.model.AppId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What the leader knows and takes of traffic. Any thread. */
public interface TrafficPort {

    /** What load balancers measure. */
    TrafficLoads loads();

    /** Everything, as it is now. */
    Picture picture();

    /** Only what needs no copy of endpoints: who is empty, and what is wrong with drivers. */
    Trouble trouble();

    /**
     * A person says that an app is really empty: what was kept of it goes.
     *
     * @return empty if nothing of it is served; otherwise whether anything was kept
     */
    Optional<Boolean> release(AppId app);

    /**
     * The table as JSON for an ingress, once its revision is another than the one it knows.
     *
     * @return empty in the end if nothing changes, or if no ingresses are driven
     */
    CompletableFuture<Optional<byte[]>> table(String ingress, long known, Duration wait);

    /**
     * An ingress has measured something, or come further.
     *
     * @throws IllegalArgumentException with a sentence, if it is no report
     */
    void reported(byte[] json);

    /**
     * The whole.
     *
     * @param revision of the newest table
     * @param services what is to be served
     * @param kept instances that are served only since nobody else is left
     * @param held instances that are to end and have not finished
     * @param cuts how many were ended before they had finished, in this reign
     * @param faults labels that could not be followed, by app
     * @param measured by service
     */
    record Picture(long revision, List<Service> services, Set<Long> kept, Set<Long> held,
            long cuts, Map<AppId, List<Published.Fault>> faults, List<Driver> drivers,
            Map<String, List<TrafficReport.ServiceLoad>> measured, Trouble trouble) {}

    /**
     * How far a driver is.
     *
     * @param revision in force
     * @param trouble a sentence; empty if all is well
     * @param atMs when it measured last; 0 = never
     */
    record Driver(String name, long revision, String trouble, long atMs) {}

    /** What people should look at. */
    record Trouble(List<Empty> empty, List<Ailing> drivers) {}

    /**
     * An app whose instances have all stopped serving by themselves.
     *
     * @param kept so many of the last are still served
     */
    record Empty(AppId app, int kept, long sinceMs) {}

    /** A driver that has worked in this reign, and has been in trouble for a while. */
    record Ailing(String name, String trouble, long sinceMs) {}
}
