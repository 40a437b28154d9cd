package io.springtide.master.nodes;

import io.springtide.cloud.spi.Node;
import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodesResult;
import io.springtide.cloud.spi.ProvisionRequest;
import io.springtide.cloud.spi.ProvisionResult;
import io.springtide.cloud.spi.ReleaseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cloud in memory that does what a test says. */
final class FakeProvider implements NodeProvider {

    final TreeMap<String, Node> machines = new TreeMap<>();
    final List<String> asked = new ArrayList<>();
    final List<String> released = new ArrayList<>();
    final List<ProvisionRequest> requests = new ArrayList<>();
    /** What is said instead of a machine. */
    Optional<ProvisionResult> instead = Optional.empty();
    Optional<ReleaseResult> releases = Optional.empty();
    Optional<NodesResult> lists = Optional.empty();
    /** Nothing is answered before it completes. */
    Optional<CompletableFuture<Void>> held = Optional.empty();
    int listed;

    @Override
    public String name() {
        return "fake";
    }

    private <T> CompletionStage<T> answer(T result) {
        return held.map(hold -> hold.thenApply(unused -> result))
                .orElseGet(() -> CompletableFuture.completedFuture(result));
    }

    @Override
    public CompletionStage<ProvisionResult> provision(ProvisionRequest request) {
        asked.add(request.token());
        requests.add(request);
        if (instead.isPresent()) {
            return answer(instead.get());
        }
        Node node = machines.computeIfAbsent(request.token(),
                token -> new Node("i-" + token, token, "10.0.0.1"));
        return answer(new ProvisionResult.Granted(node));
    }

    @Override
    public CompletionStage<ReleaseResult> release(String nodeId) {
        released.add(nodeId);
        if (releases.isPresent()) {
            return answer(releases.get());
        }
        machines.values().removeIf(node -> node.id().equals(nodeId));
        return answer(new ReleaseResult.Released());
    }

    @Override
    public CompletionStage<NodesResult> nodes(String clusterId) {
        listed++;
        return answer(
                lists.orElseGet(() -> new NodesResult.Listed(List.copyOf(machines.values()))));
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
