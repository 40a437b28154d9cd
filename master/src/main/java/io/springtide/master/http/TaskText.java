package io.springtide.master.http;

import io.springtide.core.model.Condition;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.master.view.ClusterView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Where apps can be reached, for load balancers of old: a line for each service port,
 * {@code app TAB port TAB host:port TAB ...}, also of apps of which nothing runs.
 *
 * <p>Source: Marathon 1.9, {@code GET /v2/tasks} as {@code text/plain}.
 */
final class TaskText {

    /** One app's part. */
    private record Block(String name, List<Integer> servicePorts, List<TaskView> running) {}

    private TaskText() {}

    /** Whether a client asks for text rather than for JSON. */
    static boolean wanted(Exchange x) {
        String accept = x.request().getHeader("Accept");
        return accept != null && accept.contains("text/plain")
                && !accept.contains("application/json");
    }

    static void send(Exchange x, Predicate<AppState> which) {
        Backend backend = x.backend();
        x.whenDone(CompletableFuture.supplyAsync(() -> text(backend.view(), which),
                backend.pieces().worker()),
                text -> x.end(200, "text/plain; charset=UTF-8", text), x::broken);
    }

    private static byte[] text(ClusterView view, Predicate<AppState> which) {
        StringBuilder text = new StringBuilder();
        for (AppReads.Entry entry : AppReads.entries(view, which)) {
            view.read(state -> state.app(entry.id()).map(app -> block(state, app)))
                    .ifPresent(block -> append(text, block));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Block block(ClusterState state, AppState app) {
        List<TaskView> running = new ArrayList<>();
        for (int i = 0; i < app.instances().size(); i++) {
            if (state.conditionOf(app.instances().get(i)) == Condition.RUNNING) {
                running.add(TaskView.of(state, app.instances().get(i)));
            }
        }
        return new Block(app.id().path().substring(1).replace('/', '_'),
                app.latest().spec().servicePorts(), running);
    }

    private static void append(StringBuilder text, Block block) {
        int lines = Math.max(1, block.servicePorts().size());
        for (int line = 0; line < lines; line++) {
            text.append(block.name()).append('\t');
            text.append(block.servicePorts().isEmpty()
                    ? " "
                    : block.servicePorts().get(line).toString());
            text.append('\t');
            for (TaskView task : block.running()) {
                text.append(task.agent().hostname());
                if (line < task.ports().size()) {
                    text.append(':').append(task.ports().get(line));
                }
                text.append('\t');
            }
            text.append('\n');
        }
    }
}
