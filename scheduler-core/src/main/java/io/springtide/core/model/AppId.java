package io.springtide.core.model;

import io.springtide.core.Check;

/** The absolute path that names an app, e.g. {@code /shop/cart}. */
public record AppId(String path) implements Comparable<AppId> {

    public AppId {
        Check.argument(path.length() > 1 && path.charAt(0) == '/',
                "an app id is an absolute path: " + path);
    }

    @Override
    public int compareTo(AppId other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
