package io.springtide.master.scaling;

import io.springtide.core.model.AppId;
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
