package io.springtide.master.standby;

import java.util.function.Consumer;

/** What makes a follower look at the log again and again. */
public interface Pace {

    /**
     * Has the follower take {@link Follower#step}s from now on.
     *
     * @param onFatal told if a fact cannot be understood; a log out of reach is tried again instead
     */
    Course begin(Follower follower, Consumer<Throwable> onFatal);

    /** Steps under way. */
    interface Course {

        /**
         * Returns when no step is under way, and none will be.
         *
         * @throws IllegalStateException if the store does not let go of the follower
         */
        void stop();
    }
}
