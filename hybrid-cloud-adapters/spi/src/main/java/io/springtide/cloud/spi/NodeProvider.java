package io.springtide.cloud.spi;

import java.util.concurrent.CompletionStage;

/**
 * Gets machines and gives them back. Made by a {@link NodeProviderFactory}. All methods return at once;
 * what goes wrong outside is a result, not an exception, and every stage completes: an outside that does
 * not answer is given up after a time. Any thread may call.
 */
public interface NodeProvider extends AutoCloseable {

    /** Names the adapter in configurations, e.g. {@code vsphere}. */
    String name();

    /**
     * Asks for a machine. Repeating a request with the same token gives the first one's machine, until that
     * is given back.
     */
    CompletionStage<ProvisionResult> provision(ProvisionRequest request);

    /** Gives a machine back. Giving back one that is gone changes nothing. */
    CompletionStage<ReleaseResult> release(String nodeId);

    /**
     * Every machine that this adapter has provisioned for the cluster and not given back, one that is only
     * on its way included.
     */
    CompletionStage<NodesResult> nodes(String clusterId);

    /** What is under way is given up; nothing is given back. */
    @Override
    void close();
}
