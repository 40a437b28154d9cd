package io.springtide.core.placement;

import io.springtide.core.CoreSettings;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.Arrays;

/**
 * Chooses agents for what is waiting, app after app, each from what the ones before it have left.
 * Changes nothing but its own scratch copies. The same state gives the same choice.
 */
public final class PlacementRound {

    private final Offers offers;
    private final int[] room;
    private long rowsScanned;

    public PlacementRound(ClusterState state) {
        this(state, CoreSettings.DEFAULT.slackMarginPpm());
    }

    public PlacementRound(ClusterState state, int slackMarginPpm) {
        this.offers = new Offers(state.agents(), slackMarginPpm);
        this.room = new int[offers.rows()];
    }

    /**
     * What came of one app.
     *
     * @param agentRows one for each instance that found an agent; may be fewer than asked for
     * @param ports as many for each instance as its shape asks for
     * @param gpus for each instance the GPUs it gets, one bit each; empty if its shape asks for none
     * @param rejections why no agent takes one more; {@link Rejections#NONE} if all found one
     */
    @SuppressWarnings("ArrayRecordComponent") // becomes an event, never compared
    public record Choice(int[] agentRows, int[] ports, int[] gpus, Rejections rejections) {}

    /** Agents looked at so far: what this round has cost. */
    public long rowsScanned() {
        return rowsScanned;
    }

    /** Chooses agents for {@code count} more instances of the app's current version. */
    public Choice place(AppState app, int count) {
        Shape shape = app.current().spec().shape();
        scan(shape);
        Ranking ranking = shape.policy() == PlacementPolicy.BINPACK
                ? new Binpack(offers, room)
                : new Spread(offers, room, app);
        int portsEach = shape.hostPorts().size();
        int[] rows = new int[count];
        int[] ports = new int[count * portsEach];
        int[] gpus = new int[shape.resources().hasGpus() ? count : 0];
        int placed = 0;
        for (int row = ranking.next(); placed < count
                && row != Ranking.NONE; row = ranking.next()) {
            int mask = offers.take(row, shape, ports, placed * portsEach);
            if (gpus.length > 0) {
                gpus[placed] = mask;
            }
            rows[placed++] = row;
            ranking.placed(row, --room[row]);
        }
        if (placed == count) {
            return new Choice(rows, ports, gpus, Rejections.NONE);
        }
        return new Choice(Arrays.copyOf(rows, placed), Arrays.copyOf(ports, placed * portsEach),
                Arrays.copyOf(gpus, Math.min(placed, gpus.length)), scan(shape));
    }

    /** Whether everything but resources and ports admits the agent now. */
    public boolean eligible(AppState app, int row) {
        return offers.agents().present(row)
                && offers.agents().condition(row) == AgentCondition.LIVE
                && (offers.agents().spec(row).runtimesMask()
                        & app.current().spec().shape().runtime().bit()) != 0;
    }

    /** Whether the agent has the resources and ports for one more. */
    public boolean fits(AppState app, int row) {
        return offers.room(row, app.current().spec().shape(),
                new int[Rejection.values().length]) > 0;
    }

    /** From now on, as if the instance had ended. */
    public void giveBack(Instance instance) {
        offers.giveBack(instance, 1);
    }

    /** Undoes {@link #giveBack}. */
    public void takeBack(Instance instance) {
        offers.giveBack(instance, -1);
    }

    /** Takes one instance's worth from an agent that fits. */
    public void claim(AppState app, int row) {
        Shape shape = app.current().spec().shape();
        offers.take(row, shape, new int[shape.hostPorts().size()], 0);
    }

    /** Nobody gets the agent until it is released. */
    public void hold(int row) {
        offers.hold(row, true);
    }

    /** Undoes {@link #hold}. */
    public void release(int row) {
        offers.hold(row, false);
    }

    private Rejections scan(Shape shape) {
        int[] vetoes = new int[Rejection.values().length];
        int asked = 0;
        for (int row = 0; row < room.length; row++) {
            room[row] = 0;
            if (offers.agents().present(row)) {
                asked++;
                room[row] = offers.room(row, shape, vetoes);
            }
        }
        rowsScanned += asked;
        return new Rejections(asked, vetoes);
    }
}
