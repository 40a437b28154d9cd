package io.springtide.master.journal;

/** What is wanted lies before the oldest batch kept; a snapshot stands for it. */
public final class EventsDroppedException extends JournalException {

    private static final long serialVersionUID = 1;

    public EventsDroppedException(String message) {
        super(message);
    }
}
