package io.springtide.cloud.ingress.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * Makes a client's header fields those of the request to an endpoint.
 *
 * @param trusted clients are proxies of our own: what they say about theirs is kept. Otherwise it is
 *     replaced, since anybody could have written it.
 */
record Forwarding(boolean trusted) {

    void prepare(HttpServerRequest request, String address, boolean upgrade) {
        MultiMap headers = request.headers();
        String protocol = upgrade ? headers.get(HttpHeaders.UPGRADE) : "";
        HeaderNames.removeHopByHop(headers);
        if (upgrade) {
            headers.set(HttpHeaders.UPGRADE, protocol);
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
        }
        // Belongs to an upgrade to HTTP/2, which is not passed on.
        headers.remove(HeaderNames.HTTP2_SETTINGS);
        List<String> before = trusted ? headers.getAll(HeaderNames.FORWARDED_FOR) : List.of();
        headers.set(HeaderNames.FORWARDED_FOR, before.isEmpty()
                ? address
                // Each proxy may have added a line.
                : String.join(", ", before) + ", " + address);
        if (!trusted) {
            HeaderNames.CLAIMS.forEach(headers::remove);
        }
        if (!trusted || !headers.contains(HeaderNames.FORWARDED_PROTO)) {
            headers.set(HeaderNames.FORWARDED_PROTO, HeaderNames.HTTP);
        }
        if (!trusted || !headers.contains(HeaderNames.FORWARDED_HOST)) {
            String host = headers.get(HttpHeaders.HOST);
            headers.set(HeaderNames.FORWARDED_HOST, host == null ? "" : host);
        }
        headers.add(HeaderNames.VIA, HeaderNames.VIA_TIDE);
    }
}
