package io.springtide.master.traffic;

import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.concurrent.CompletableFuture;

/** The newest table as JSON, made once for all ingresses, on a thread of its own: it may be long. */
final class TableBytes {

    private long revision;
    private CompletableFuture<byte[]> bytes = CompletableFuture.completedFuture(new byte[0]);

    synchronized CompletableFuture<byte[]> of(TrafficTable table) {
        if (table.revision() == revision) {
            return bytes;
        }
        CompletableFuture<byte[]> made = CompletableFuture.supplyAsync(
                () -> TrafficJson.write(table),
                task -> Thread.ofVirtual().name("traffic-table").start(task));
        if (table.revision() > revision) {
            revision = table.revision();
            bytes = made;
        }
        return made;
    }
}
