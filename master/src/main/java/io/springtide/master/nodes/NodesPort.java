package io.springtide.master.nodes;

import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;

/** What the leader knows of pools of machines. Any thread. */
public interface NodesPort {

    /** Of a master that does not lead. */
    NodesPort NONE = new NodesPort() {

        @Override
        public List<PoolPicture> pools() {
            return List.of();
        }

        @Override
        public Optional<String> waiting(AppId app) {
            return Optional.empty();
        }
    };

    /** The pools as they were at the last look. */
    List<PoolPicture> pools();

    /** What machines have to do with an app that waits, as a sentence. */
    Optional<String> waiting(AppId app);

    /** How a machine stands. */
    enum MachineState {
        /** It is being asked for. */
        ORDERED,
        /** It was granted; its agent has not registered yet. */
        COMING,
        /** Its agent has registered. */
        THERE,
        /** It is being emptied and given back. */
        LEAVING
    }

    /**
     * A machine.
     *
     * @param id by which the outside knows it; empty while it has none
     * @param agent that runs on it; empty if none has registered
     * @param sinceMs since when it is in its state
     * @param why it is in that state, as a sentence
     */
    record MachinePicture(String token, String id, String address, String agent,
            MachineState state, long sinceMs, String why) {}

    /**
     * A pool.
     *
     * @param decision the newest one, as a sentence; empty if there was none yet
     * @param trouble what is in the way, as a sentence
     * @param troubledSinceMs 0 = nothing is
     * @param alarmed people should look after it
     */
    record PoolPicture(String name, String adapter, int min, int max, List<MachinePicture> machines,
            String decision, long decidedMs, Optional<String> trouble, long troubledSinceMs,
            boolean alarmed) {

        public PoolPicture {
            machines = List.copyOf(machines);
        }

        /** How many machines are in a state. */
        public int count(MachineState state) {
            return (int) machines.stream().filter(one -> one.state() == state).count();
        }
    }
}
