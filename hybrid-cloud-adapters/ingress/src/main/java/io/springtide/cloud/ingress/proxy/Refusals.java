package io.springtide.cloud.ingress.proxy;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Answers that the ingress gives itself. */
final class Refusals {

    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain");

    private Refusals() {}

    /**
     * Answers with a sentence.
     *
     * @param service whose request it was; empty if nobody's
     * @param bodyUnread the client may still be sending: the connection ends with the answer
     */
    static void answer(HttpServerRequest request, int status, String service, String sentence,
            boolean bodyUnread) {
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
            response.end(sentence + "\n").onComplete(sent -> request.connection().close());
        } else {
            response.end(sentence + "\n");
        }
    }
}
