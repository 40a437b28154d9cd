package io.springtide.cloud.spi.traffic;

/**
 * Puts traffic where instances serve it. Level-triggered: it is told what is wanted as a whole, works
 * towards that by itself, again and again where the outside fails, and says how far it has come. All
 * methods return at once and throw nothing; any thread may call.
 */
public interface TrafficDriver extends AutoCloseable {

    /** Names the driver in configurations and reports, e.g. {@code haproxy}. */
    String name();

    /**
     * This is to be served from now on; replaces whatever was said before.
     *
     * @param table of a higher revision than the one before
     */
    void serve(TrafficTable table);

    /** How far it has come, and what it has measured in about the last second. */
    TrafficReport report();

    /** Stops working on it. What is served stays served: traffic outlives its masters. */
    @Override
    void close();
}
