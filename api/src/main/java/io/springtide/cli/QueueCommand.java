package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide queue}: what waits to be started, and for what. */
@Command(name = "queue", description = "List what waits to be started, and what it waits for.")
final class QueueCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    QueueCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> queue = client.get("/v2/queue").body().get("queue").items();
        Table table = new Table("APP", ">WAITING", "SINCE", "FOR");
        List<String> names = new ArrayList<>(queue.size());
        Instant now = Instant.now();
        for (Json item : queue) {
            String id = idOf(item);
            names.add(id);
            table.row(id, item.get("count").text(), Moments.ago(item.get("since").text(), now),
                    reason(item));
        }
        output.print(terminal, queue, names, table, "Nothing waits to be started.");
        return Exit.OK;
    }

    static String idOf(Json item) {
        return item.get("app").get("id").textOr(item.get("pod").get("id").text());
    }

    private static String reason(Json item) {
        Json delay = item.get("delay");
        long delaySeconds = delay.get("timeLeftSeconds").asLong();
        if (!delay.get("overdue").asBoolean() && delaySeconds > 0) {
            return "back-off, " + Moments.span(delaySeconds) + " left";
        }
        String counts = Rejections.counts(item.get("processedOffersSummary"));
        return counts.isEmpty() ? "its turn" : counts;
    }
}
