package io.springtide.cloud.ingress.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Answers that the ingress gives itself. */
final class Refusals {

    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");

    /** A client that still sends has so long to see the answer. */
    private static final long LINGER_MS = 1_000;

    private Refusals() {}

    /**
     * Answers with a sentence.
     *
     * @param service whose request it was; empty if nobody's
     * @param bodyUnread the client may still be sending: the connection ends soon after the answer
     */
    static void answer(HttpServerRequest request, int status, String service, String sentence,
            boolean bodyUnread, Loop loop) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended() || response.headWritten()) {
            return;
        }
        response.setStatusCode(status);
        response.putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
        if (!service.isEmpty()) {
            response.putHeader(HeaderNames.TIDE_SERVICE, service);
        }
        if (bodyUnread && !request.isEnded()) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            request.handler(ignored -> {});
            request.resume();
            // Closed while bytes arrive, the connection would be reset, and the answer never be read. What
            // is no proper request gets no time: nobody knows what the next bytes are.
            boolean lingers = status != 400;
            response.end(sentence + "\n").onComplete(sent -> {
                if (lingers && !request.isEnded()) {
                    loop.after(LINGER_MS, () -> request.connection().close());
                } else {
                    request.connection().close();
                }
            });
        } else {
            response.end(sentence + "\n");
        }
    }
}
