package io.springtide.api.compose;

/**
 * Something that a Compose file says and that means less here, or nothing.
 *
 * @param path where, such as {@code services.web.ports[0]}
 * @param text what is so, and what to do instead
 */
public record Finding(String path, String text) {
    @Override
    public String toString() {
        return path.isEmpty() ? text : path + ": " + text;
    }
}
