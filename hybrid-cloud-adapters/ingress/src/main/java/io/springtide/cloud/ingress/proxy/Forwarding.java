package io.springtide.cloud.ingress.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

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
        }
        String before = trusted ? headers.get(HeaderNames.FORWARDED_FOR) : null;
        headers.set(HeaderNames.FORWARDED_FOR,
                before == null ? address : before + ", " + address);
        if (!trusted) {
            headers.remove(HeaderNames.FORWARDED);
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
