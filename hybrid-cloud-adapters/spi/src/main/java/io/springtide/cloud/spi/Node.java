package io.springtide.cloud.spi;

/**
 * A machine that was provisioned.
 *
 * @param id by which the outside knows it
 * @param token of the request that it came of
 * @param address where it is reached; empty while it has none
 */
public record Node(String id, String token, String address) {}
