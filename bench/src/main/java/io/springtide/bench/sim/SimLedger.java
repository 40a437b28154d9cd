package io.springtide.bench.sim;

import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerChange;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The store as one master sees it: out of reach, or cut off on the way back so that nobody knows. A call
 * takes no time; its time is what its caller waits before and after it.
 *
 * <p>A store that answers nobody still carries out what had reached it before.
 */
@SuppressWarnings("EnumOrdinal") // an order of its own, kept nowhere
final class SimLedger implements Ledger {

    private static final long LATE_NANOS_MAX = 4 * Timeline.SECOND;

    private final StoreServer server;
    private final Timeline timeline;
    private final Dice dice;
    private final BooleanSupplier asks;
    private final BooleanSupplier answers;
    private final Runnable onUnknown;

    /**
     * Over a store.
     *
     * @param asks whether what this master says gets to a store that takes anything
     * @param answers whether what the store says gets here
     */
    SimLedger(StoreServer server, Timeline timeline, Dice dice, BooleanSupplier asks,
            BooleanSupplier answers, Runnable onUnknown) {
        this.server = server;
        this.timeline = timeline;
        this.dice = dice;
        this.asks = asks;
        this.answers = answers;
        this.onUnknown = onUnknown;
    }

    /**
     * What is in the store, whatever has befallen it: even in an outage, since a write that was under
     * way may happen then, and the watcher looks at each.
     */
    static SimLedger faultless(StoreServer server, Timeline timeline, Dice dice) {
        return new SimLedger(server, timeline, dice, () -> true, () -> true, () -> {});
    }

    private boolean reachable() {
        return asks.getAsBoolean() && answers.getAsBoolean();
    }

    private void expectReachable() {
        if (!reachable()) {
            throw new LedgerException(Kind.UNREACHABLE, "the store does not answer");
        }
    }

    @Override
    public List<Optional<byte[]>> read(List<String> keys) {
        expectReachable();
        return server.read(keys);
    }

    @Override
    public List<String> list(String folder) {
        expectReachable();
        return server.list(folder);
    }

    @Override
    public Optional<String> first(String folder) {
        expectReachable();
        return server.first(folder);
    }

    @Override
    public void write(Fence fence, List<LedgerChange> changes) {
        if (!asks.getAsBoolean()) {
            throw new LedgerException(Kind.UNREACHABLE, "the store does not answer");
        }
        if (!answers.getAsBoolean()) {
            server.carryOut(fence, changes);
            throw new LedgerException(Kind.UNKNOWN, "the store was lost on the way");
        }
        if (dice.ppm(server.unknownPpm)) {
            onUnknown.run();
            switch (dice.within(0, 3)) {
                case 0 -> server.carryOut(fence, changes);
                case 1 -> timeline.after(dice.within(0, LATE_NANOS_MAX), server.actor,
                        () -> late(fence, changes));
                default -> {
                }
            }
            throw new LedgerException(Kind.UNKNOWN, "the store was lost on the way");
        }
        server.carryOut(fence, changes);
    }

    /** It was given up by the one who sent it, and arrives. */
    private void late(Fence fence, List<LedgerChange> changes) {
        try {
            server.carryOut(fence, changes);
        } catch (LedgerException nobodyWaits) {
            timeline.note(nobodyWaits.kind().ordinal());
        }
    }

    @Override
    public byte[] settle(String key, byte[] value) {
        expectReachable();
        return server.settle(key, value);
    }

    @Override
    public void awaitReachable() {
        expectReachable();
    }

    @Override
    public boolean await(String key, Duration atMost) {
        expectReachable();
        return server.has(key);
    }

    @Override
    public String name() {
        return "sim://store";
    }

    @Override
    public void close() {
        // The store outlives those who use it.
    }
}
