package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import java.nio.charset.StandardCharsets;

/** One event as it goes over the wire, rendered once for everybody. */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record EventFrame(String type, byte[] bytes) {

    static EventFrame of(String type, ObjectNode body, long atMs) {
        body.put("eventType", type).put("timestamp", Timestamps.format(atMs));
        byte[] json = Json.bytes(body);
        byte[] head = ("event: " + type + "\r\ndata: ").getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[head.length + json.length + 4];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(json, 0, frame, head.length, json.length);
        for (int i = frame.length - 4; i < frame.length; i += 2) {
            frame[i] = '\r';
            frame[i + 1] = '\n';
        }
        return new EventFrame(type, frame);
    }
}
