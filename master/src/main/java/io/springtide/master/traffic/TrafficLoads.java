package io.springtide.master.traffic;

import io.springtide.core.model.AppId;
import java.util.Optional;

/** What load balancers measure of apps. Any thread. */
public interface TrafficLoads {

    /** Of an app in about the last second; empty if no load balancer has said anything of it lately. */
    Optional<AppLoad> load(AppId app);

    /**
     * Has a task run whenever there is something newer, about once a second; on a timer's thread, so it
     * has to be quick. It ends with the reign.
     */
    void onReport(Runnable listener);
}
