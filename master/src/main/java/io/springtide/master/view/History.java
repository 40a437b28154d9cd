package io.springtide.master.view;

import java.util.Optional;

/** What has become durable lately, to be told once more. Any thread. */
public interface History {

    /** Of one who keeps nothing. */
    History NONE = position -> Optional.empty();

    /**
     * Goes back to a position. Costs reading a snapshot and what lies between it and the position.
     *
     * @param position of the first fact that is wanted
     * @return empty if what was then is no longer kept, or has not been yet
     */
    Optional<Past> open(long position);

    /** A state on its way from then to now. One thread at a time. */
    interface Past {

        /** Of the next fact; during {@link CommitListener#before} and {@code after} of the one told. */
        long position();

        /** When the newest fact before that was written; 0 if nobody knows. */
        long timeMs();

        /**
         * Tells the facts before {@code until} that have not been told, in order, each before and after
         * the state shows it; all of them have to be durable.
         *
         * @throws IllegalStateException if they can no longer be read
         */
        void advance(long until, CommitListener listener);
    }
}
