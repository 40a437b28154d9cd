package io.springtide.api.client;

/**
 * One event of the master's stream.
 *
 * @param type for example {@code status_update_event}
 * @param data the payload
 */
public record StreamedEvent(String type, Json data) {
    /**
     * Type of the event that this client puts in itself after it had to connect again: what happened
     * in between was not seen, since the stream has no replay.
     */
    public static final String GAP = "client_gap_event";
}
