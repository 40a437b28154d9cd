package io.springtide.master.agents;

import io.springtide.core.state.Instance;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asked before an agent is told to end an instance: what still has traffic is let finish first. Level-
 * triggered: whoever compares asks again, and one that is held is as it should be. Any thread; an answer
 * must be quick and must not block.
 */
public interface KillGate {

    /** Everything may end at once. */
    KillGate OPEN = new KillGate() {

        @Override
        public boolean mayKill(Instance instance) {
            return true;
        }

        @Override
        public void onRelease(Consumer<List<Long>> listener) {
            // Nothing is ever held.
        }
    };

    /**
     * Whether an instance that is decommissioned may be ended now. If not, it is held from now on, and
     * the listener hears of it when that is over.
     */
    boolean mayKill(Instance instance);

    /** Who orders the kills of what was held; hears of an instance once or several times. */
    void onRelease(Consumer<List<Long>> listener);
}
