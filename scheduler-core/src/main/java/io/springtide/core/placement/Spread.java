package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;

/**
 * Levels the app's instances over sites, within a site over racks, within a rack over agents; among
 * equals the emptiest agent, then the lowest row. Three nested heaps, so that an instance costs the
 * logarithm of the number of agents.
 */
final class Spread implements Ranking {

    private static final int ROW_BITS = 24;
    private static final long ROW_MASK = (1L << ROW_BITS) - 1;
    private static final int LOAD_BITS = 16;

    private final Offers offers;
    private final AgentTable agents;
    private final int[] onAgent;
    private final int[] onRack;
    private final int[] onSite;
    private final LongHeap sites;
    private final LongHeap[] racksOfSite;
    private final LongHeap[] agentsOfRack;

    Spread(Offers offers, int[] room, AppState app) {
        this.offers = offers;
        this.agents = offers.agents();
        this.onAgent = new int[room.length];
        this.onRack = new int[agents.rackCount()];
        this.onSite = new int[agents.siteCount()];
        count(app);
        this.agentsOfRack = heaps(onRack.length);
        for (int row = 0; row < room.length; row++) {
            if (room[row] > 0) {
                agentsOfRack[agents.rack(row)].push(agentKey(row));
            }
        }
        this.racksOfSite = heaps(onSite.length);
        for (int rack = 0; rack < onRack.length; rack++) {
            if (!agentsOfRack[rack].isEmpty()) {
                racksOfSite[agents.siteOfRack(rack)].push(key(onRack[rack], rack));
            }
        }
        this.sites = new LongHeap(onSite.length);
        for (int site = 0; site < onSite.length; site++) {
            if (!racksOfSite[site].isEmpty()) {
                sites.push(key(onSite[site], site));
            }
        }
    }

    @Override
    public int next() {
        if (sites.isEmpty()) {
            return NONE;
        }
        LongHeap racks = racksOfSite[(int) (sites.peek() & ROW_MASK)];
        return (int) (agentsOfRack[(int) (racks.peek() & ROW_MASK)].peek() & ROW_MASK);
    }

    @Override
    public void placed(int row, int more) {
        int rack = agents.rack(row);
        int site = agents.site(row);
        onAgent[row]++;
        sink(agentsOfRack[rack], more > 0, agentKey(row));
        sink(racksOfSite[site], !agentsOfRack[rack].isEmpty(), key(++onRack[rack], rack));
        sink(sites, !racksOfSite[site].isEmpty(), key(++onSite[site], site));
    }

    private static void sink(LongHeap heap, boolean stays, long key) {
        if (stays) {
            heap.replaceTop(key);
        } else {
            heap.pop();
        }
    }

    private void count(AppState app) {
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            if (instance.active()) {
                int row = instance.agentRow();
                onAgent[row]++;
                onRack[agents.rack(row)]++;
                onSite[agents.site(row)]++;
            }
        }
    }

    private long agentKey(int row) {
        return (long) onAgent[row] << (LOAD_BITS + ROW_BITS) | (long) offers.load(row) << ROW_BITS
                | row;
    }

    private static long key(int count, int index) {
        return (long) count << ROW_BITS | index;
    }

    private static LongHeap[] heaps(int count) {
        LongHeap[] heaps = new LongHeap[count];
        for (int i = 0; i < count; i++) {
            heaps[i] = new LongHeap(4);
        }
        return heaps;
    }
}
