package io.springtide.cloud.ingress.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Header fields that a proxy handles. Source: RFC 9110 section 7.6, RFC 9112 section 6. */
final class HeaderNames {

    static final CharSequence TIDE_SERVICE = HttpHeaders.createOptimized("Tide-Service");
    static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    static final CharSequence FORWARDED_PROTO = HttpHeaders.createOptimized("x-forwarded-proto");
    static final CharSequence FORWARDED_HOST = HttpHeaders.createOptimized("x-forwarded-host");
    static final CharSequence HTTP2_SETTINGS = HttpHeaders.createOptimized("http2-settings");

    /** What clients may say of where they come from, besides what is replaced. */
    static final List<CharSequence> CLAIMS = List.of(HttpHeaders.createOptimized("forwarded"),
            HttpHeaders.createOptimized("x-forwarded-port"),
            HttpHeaders.createOptimized("x-forwarded-prefix"),
            HttpHeaders.createOptimized("x-real-ip"));

    static final CharSequence VIA = HttpHeaders.createOptimized("via");
    static final CharSequence VIA_TIDE = HttpHeaders.createOptimized("1.1 tide");
    static final CharSequence HTTP = HttpHeaders.createOptimized("http");
    private static final CharSequence KEEP_ALIVE = HttpHeaders.createOptimized("keep-alive");
    private static final CharSequence PROXY_CONNECTION = HttpHeaders
            .createOptimized("proxy-connection");
    private static final CharSequence PROXY_AUTHORIZATION = HttpHeaders
            .createOptimized("proxy-authorization");
    private static final CharSequence PROXY_AUTHENTICATE = HttpHeaders
            .createOptimized("proxy-authenticate");
    private static final CharSequence TE = HttpHeaders.createOptimized("te");
    private static final CharSequence TRAILER = HttpHeaders.createOptimized("trailer");

    /** What a client must not take from the endpoint by naming it in Connection. */
    private static final List<String> KEPT = List.of("host", "content-length", "cookie",
            "authorization", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "via");

    private HeaderNames() {}

    /** Removes what is meant for the next hop alone; the framing too, which each side makes anew. */
    static void removeHopByHop(MultiMap headers) {
        List<String> connection = headers.getAll(HttpHeaders.CONNECTION);
        if (!connection.isEmpty()) {
            removeNamed(headers, connection);
            headers.remove(HttpHeaders.CONNECTION);
        }
        headers.remove(HttpHeaders.TRANSFER_ENCODING);
        headers.remove(KEEP_ALIVE);
        headers.remove(PROXY_CONNECTION);
        headers.remove(PROXY_AUTHORIZATION);
        headers.remove(PROXY_AUTHENTICATE);
        headers.remove(TE);
        headers.remove(TRAILER);
        headers.remove(HttpHeaders.UPGRADE);
    }

    private static void removeNamed(MultiMap headers, List<String> connection) {
        for (String value : connection) {
            if (value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("close")) {
                continue;
            }
            for (String token : value.split(",", -1)) {
                String name = token.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !KEPT.contains(name)) {
                    headers.remove(name);
                }
            }
        }
    }

    /** Whether a list of tokens, perhaps over several lines, has this one. */
    static boolean hasToken(MultiMap headers, CharSequence name, String token) {
        for (String value : headers.getAll(name)) {
            for (String each : value.split(",", -1)) {
                if (each.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Value of a cookie; null if there is none of this name. */
    static @Nullable String cookie(MultiMap headers, String name) {
        for (String line : headers.getAll(HttpHeaders.COOKIE)) {
            for (int at = 0; at < line.length();) {
                int end = line.indexOf(';', at);
                end = end < 0 ? line.length() : end;
                while (at < end && line.charAt(at) == ' ') {
                    at++;
                }
                if (line.startsWith(name, at) && at + name.length() < end
                        && line.charAt(at + name.length()) == '=') {
                    return line.substring(at + name.length() + 1, end).strip();
                }
                at = end + 1;
            }
        }
        return null;
    }
}
