package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import java.nio.charset.StandardCharsets;

/**
 * One event as it goes over the wire, rendered once for everybody.
 *
 * @param id of the fact it tells and its number among that fact's frames; {@link EventId#NONE} if it
 *        tells no fact
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record EventFrame(String type, EventId id, byte[] bytes) {

    /** Something that is in no journal, and cannot be told again. */
    static EventFrame of(String type, ObjectNode body, long atMs) {
        return rendered(type, EventId.NONE, "event: ", body, atMs);
    }

    static EventFrame ofFact(long position, int index, String type, ObjectNode body, long atMs) {
        EventId id = new EventId(position, index);
        // The id comes first: simple clients expect the data right behind the event.
        return rendered(type, id, "id: " + id + "\r\nevent: ", body, atMs);
    }

    private static EventFrame rendered(String type, EventId id, String start, ObjectNode body,
            long atMs) {
        body.put("eventType", type).put("timestamp", Timestamps.format(atMs));
        byte[] json = Json.bytes(body);
        byte[] head = (start + type + "\r\ndata: ").getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[head.length + json.length + 4];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(json, 0, frame, head.length, json.length);
        for (int i = frame.length - 4; i < frame.length; i += 2) {
            frame[i] = '\r';
            frame[i + 1] = '\n';
        }
        return new EventFrame(type, id, frame);
    }
}
