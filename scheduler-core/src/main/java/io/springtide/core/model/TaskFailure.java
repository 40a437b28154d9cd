package io.springtide.core.model;

/** The last instance of an app that ended without having been asked to. */
public record TaskFailure(long instance, String hostname, String agent, Condition condition,
        int exitCode,
        String message, long atMs, long versionMs) {}
