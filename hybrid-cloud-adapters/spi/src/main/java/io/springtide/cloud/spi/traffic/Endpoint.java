package io.springtide.cloud.spi.traffic;

/**
 * Where an instance serves a service.
 *
 * @param instance its number, never used twice in a cluster
 * @param host name or address
 * @param versionMs which version of the app it runs
 * @param weight 0 to 100; its share against the others', 0 = nothing new is sent to it
 * @param draining it is about to end: nothing new is sent to it, what is under way goes on, and clients
 *     bound to it may finish
 */
public record Endpoint(long instance, String host, int port, long versionMs, int weight,
        boolean draining) {

    /** Weight of an endpoint of which nothing special is said. */
    public static final int WEIGHT = 100;

    /** Whether new requests may go there. */
    public boolean open() {
        return weight > 0 && !draining;
    }
}
