package io.springtide.api.compose;

import java.util.Optional;

/** What a Compose file refers to outside of itself. */
public interface Surroundings {
    /** A variable of the caller's environment. */
    Optional<String> variable(String name);

    /** The text of a file beside the Compose file, by its path there; empty if there is none. */
    Optional<String> file(String path);
}
