package io.springtide.api.client;

/**
 * One event of the master's stream.
 *
 * @param type for example {@code status_update_event}
 * @param data the payload
 * @param id place in the master's journal, to begin after it another time; empty if the master gives none
 */
public record StreamedEvent(String type, Json data, String id) {
    /**
     * Type of the event that this client puts in itself where something was not seen: it had to connect
     * again and had no id to begin after, or the master does not keep events from so far back; then the
     * data is a text that says so.
     */
    public static final String GAP = "client_gap_event";

    /**
     * Type of the event that this client puts in itself after it had to connect again and has asked for
     * what came after the last event; its id is that one's.
     */
    public static final String RESUMED = "client_resumed_event";

    /** True for events that this client made up. */
    public boolean ofClient() {
        return type.equals(GAP) || type.equals(RESUMED);
    }
}
