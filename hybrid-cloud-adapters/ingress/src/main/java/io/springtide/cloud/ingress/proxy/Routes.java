package io.springtide.cloud.ingress.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what serves a host and a path. The exact host counts most, then the longest wildcard, then what
 * serves any host; within a host the longest prefix of the path. A prefix ends where a segment ends:
 * {@code /shop} is meant by {@code /shop} and {@code /shop/cart}, not by {@code /shopping}. If a host
 * has nothing for the path, the next wider one is asked. Immutable.
 *
 * @param <S> what is found
 */
final class Routes<S> {

    /** A prefix and what it leads to. */
    private record Path<S>(String prefix, S to) {}

    private final Map<String, List<Path<S>>> exact = new HashMap<>();
    private final Map<String, List<Path<S>>> below = new HashMap<>();
    private final List<Path<S>> any = new ArrayList<>();

    private Routes() {}

    /** Collects routes. The first one of a host and a prefix stays. */
    static final class Builder<S> {
        private final Routes<S> routes = new Routes<>();

        /**
         * Adds a route.
         *
         * @param host exact, {@code *.suffix}, or {@code *} for any
         * @return false if there was one for the same host and prefix, which stays
         */
        boolean add(String host, String prefix, S to) {
            String name = host.toLowerCase(Locale.ROOT);
            List<Path<S>> paths;
            if (name.equals("*")) {
                paths = routes.any;
            } else if (name.startsWith("*.")) {
                paths = routes.below.computeIfAbsent(name.substring(1), key -> new ArrayList<>());
            } else {
                paths = routes.exact.computeIfAbsent(name, key -> new ArrayList<>());
            }
            String plain = plain(prefix);
            if (paths.stream().anyMatch(path -> path.prefix().equals(plain))) {
                return false;
            }
            paths.add(new Path<>(plain, to));
            paths.sort((one, other) -> other.prefix().length() - one.prefix().length());
            return true;
        }

        Routes<S> build() {
            return routes;
        }

        private static String plain(String prefix) {
            String plain = prefix.startsWith("/") ? prefix : "/" + prefix;
            while (plain.endsWith("/")) {
                plain = plain.substring(0, plain.length() - 1);
            }
            return plain;
        }
    }

    /**
     * What serves it.
     *
     * @param host without a port, in any case; empty if the client named none
     * @param path without the query
     */
    @Nullable
    S find(String host, String path) {
        if (!exact.isEmpty() || !below.isEmpty()) {
            String name = lower(host);
            S found = longest(exact.get(name), path);
            for (int dot = name.indexOf('.'); found == null && dot >= 0
                    && !below.isEmpty(); dot = name.indexOf('.', dot + 1)) {
                found = longest(below.get(name.substring(dot)), path);
            }
            if (found != null) {
                return found;
            }
        }
        return longest(any, path);
    }

    /** Whether any path of the host leads somewhere; tells "no such host" from "no such path". */
    boolean knows(String host) {
        String name = lower(host);
        if (!any.isEmpty() || exact.containsKey(name)) {
            return true;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (below.containsKey(name.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    private static <S> @Nullable S longest(@Nullable List<Path<S>> paths, String path) {
        if (paths == null) {
            return null;
        }
        for (Path<S> candidate : paths) {
            String prefix = candidate.prefix();
            if (path.startsWith(prefix) && (path.length() == prefix.length() || prefix.isEmpty()
                    || path.charAt(prefix.length()) == '/')) {
                return candidate.to();
            }
        }
        return null;
    }

    /** Most hosts are in lower case already; a dot at the end names the same one. */
    private static String lower(String host) {
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        for (int i = 0; i < end; i++) {
            char c = host.charAt(i);
            if ((c >= 'A' && c <= 'Z') || c > 127) {
                return host.substring(0, end).toLowerCase(Locale.ROOT);
            }
        }
        return end == host.length() ? host : host.substring(0, end);
    }
}
