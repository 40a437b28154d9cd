package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;
import java.util.Arrays;

/** How many instances of one app are on each agent, in each rack and site; used again for each app. */
final class Neighbourhood {

    private final AgentTable agents;
    private final int[] onHost;
    private final int[] onRack;
    private final int[] onSite;

    Neighbourhood(AgentTable agents) {
        this.agents = agents;
        this.onHost = new int[agents.rows()];
        this.onRack = new int[agents.rackCount()];
        this.onSite = new int[agents.siteCount()];
    }

    int onHost(int row) {
        return onHost[row];
    }

    int onRack(int rack) {
        return onRack[rack];
    }

    int onSite(int site) {
        return onSite[site];
    }

    void add(int row) {
        onHost[row]++;
        onRack[agents.rack(row)]++;
        onSite[agents.site(row)]++;
    }

    /** Forgets this agent's; racks and sites are forgotten by {@link #clearPlaces}. */
    void clear(int row) {
        onHost[row] = 0;
    }

    void clearPlaces() {
        Arrays.fill(onRack, 0);
        Arrays.fill(onSite, 0);
    }
}
