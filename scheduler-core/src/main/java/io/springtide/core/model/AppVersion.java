package io.springtide.core.model;

/**
 * An app as it was from one moment on.
 *
 * @param versionMs names the version; rises strictly within an app
 * @param scaledMs when only the count changed last
 * @param configuredMs when anything else changed last; instances of versions with the same
 *     {@code configuredMs} run the same thing
 */
public record AppVersion(AppSpec spec, long versionMs, long scaledMs, long configuredMs) {}
