package io.springtide.api.marathon;

/**
 * Where a secret is kept.
 *
 * @param source a path in the store of secrets
 */
public record Secret(String source) {}
