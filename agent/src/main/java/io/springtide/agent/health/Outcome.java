package io.springtide.agent.health;

/** How one health check went. */
sealed interface Outcome {

    record Healthy() implements Outcome {}

    record Unhealthy(String reason) implements Outcome {}

    /** Says nothing about the instance; as if it had not been asked. */
    record Ignored() implements Outcome {}
}
