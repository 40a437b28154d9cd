package io.springtide.master.scaling;

import io.springtide.core.model.AppId;
import io.springtide.master.traffic.TrafficLoads;
import java.util.Optional;

/** What load balancers measure of apps. Any thread. */
public interface LoadSource {

    /** Nothing is measured. */
    LoadSource NONE = new LoadSource() {

        @Override
        public Optional<Load> load(AppId app) {
            return Optional.empty();
        }

        @Override
        public void onReport(Runnable listener) {
            // There never is one.
        }
    };

    /** What drivers of traffic measure. */
    static LoadSource of(TrafficLoads loads) {
        return new LoadSource() {

            @Override
            public Optional<Load> load(AppId app) {
                return loads.load(app).map(load -> new Load(load.arrivalsPerSecond(),
                        load.concurrency(), load.waiting(), load.p99Ms(), load.atMs()));
            }

            @Override
            public void onReport(Runnable listener) {
                loads.onReport(listener);
            }
        };
    }

    /** Of an app in about the last second; empty if nobody has said anything of it lately. */
    Optional<Load> load(AppId app);

    /** Has a task run whenever there is something newer; it is quick. */
    void onReport(Runnable listener);

    /**
     * The load of one app, over all load balancers.
     *
     * @param arrivals requests that came, a second
     * @param inFlight requests being served
     * @param waiting requests that nobody serves yet
     * @param p99Ms of the answers; below 0 = nothing was answered
     * @param atMs when it was measured, by the clock of whoever did; a newer one has another
     */
    record Load(double arrivals, double inFlight, double waiting, double p99Ms, long atMs) {}
}
