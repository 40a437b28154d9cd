package io.springtide.api.marathon;

import java.util.Optional;

/**
 * A file to bring into the sandbox before a task starts.
 *
 * @param uri where it is
 * @param extract whether an archive is unpacked
 * @param executable whether it gets the x bit
 * @param cache whether the agent keeps it
 * @param destPath its name in the sandbox; the URI's last part if empty
 */
public record Fetch(String uri, boolean extract, boolean executable, boolean cache,
        Optional<String> destPath) {}
