package io.springtide.master.agents;

import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Look;
import java.util.List;

/** A part of the orders that wait for an agent, small enough to share a message with others. */
sealed interface Piece {

    /** So many instances at most; with all their ports far below what a message may hold. */
    int ITEMS_MAX = 2_000;

    /** How many instances it is about. */
    int items();

    /** Instances to start; their spec goes before them if this connection has not had it. */
    record Launches(PreparedSpec spec, LaunchGroup group) implements Piece {
        @Override
        public int items() {
            return group.getInstanceIdsCount();
        }
    }

    /** Instances that run already, to take up again; their spec goes before them as with launches. */
    record Adoptions(PreparedSpec spec, LaunchGroup group) implements Piece {
        @Override
        public int items() {
            return group.getInstanceIdsCount();
        }
    }

    /**
     * Instances to report anew, and such as nobody holds to end.
     *
     * @param tell to report
     * @param orphans to end
     */
    record Mends(List<Long> tell, List<Long> orphans) implements Piece {

        public Mends {
            tell = List.copyOf(tell);
            orphans = List.copyOf(orphans);
        }

        @Override
        public int items() {
            return tell.size() + orphans.size();
        }
    }

    /** A question, which waits for its turn behind all orders; a message of its own. */
    record Asks(Look look) implements Piece {
        @Override
        public int items() {
            return 0;
        }
    }

    /** Standbys that are to serve. */
    record Thaws(List<Long> instances) implements Piece {

        public Thaws {
            instances = List.copyOf(instances);
        }

        @Override
        public int items() {
            return instances.size();
        }
    }

    /** Instances to end. */
    record Kills(List<Kill> kills) implements Piece {

        public Kills {
            kills = List.copyOf(kills);
        }

        @Override
        public int items() {
            return kills.size();
        }
    }
}
