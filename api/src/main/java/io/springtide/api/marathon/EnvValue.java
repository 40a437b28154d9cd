package io.springtide.api.marathon;

/** The value of an environment variable. */
public sealed interface EnvValue {

    /** Plain text. */
    record Text(String value) implements EnvValue {}

    /** The content of a secret, looked up when a task starts. */
    record SecretRef(String secret) implements EnvValue {}
}
