package io.springtide.cloud.spi;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Gets machines and gives them back. Found with {@link java.util.ServiceLoader}. All methods return at
 * once; what goes wrong outside is a {@link ProvisionResult}, not an exception. Any thread may call.
 */
public interface NodeProvider extends AutoCloseable {

    /** Names the adapter in configurations, e.g. {@code vsphere}. */
    String name();

    /** Asks for a machine. Repeating a request with the same token gives the first one's result. */
    CompletionStage<ProvisionResult> provision(ProvisionRequest request);

    /** Gives a machine back. Giving back one that is gone changes nothing. */
    CompletionStage<ReleaseResult> release(String nodeId);

    /** Every machine that this adapter has provisioned for the cluster and not given back. */
    CompletionStage<List<Node>> nodes(String clusterId);

    @Override
    void close();
}
