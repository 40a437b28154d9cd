package io.springtide.api.client;

/**
 * A successful answer.
 *
 * @param status HTTP status, 200 to 299
 * @param deploymentId what the request has set going; empty if nothing
 * @param body the document, {@link Json#nothing()} if there was none
 */
public record Reply(int status, String deploymentId, Json body) {}
