package io.springtide.master.http;

import io.springtide.core.command.Command;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Ends tasks, as several resources offer it. */
final class TaskKill {

    private TaskKill() {}

    /**
     * Ends tasks by the query's {@code scale}, {@code force} and {@code wipe}.
     *
     * @param single whether the answer shows {@code {"task":...}} instead of {@code {"tasks":[...]}}
     */
    static void kill(Exchange x, List<TaskView> tasks, boolean single) {
        boolean scale = x.query().flag("scale", false);
        if (scale && x.query().flag("wipe", false)) {
            throw Errors.badRequest("You cannot use scale and wipe at the same time.");
        }
        Command command = new Command.KillInstances(
                tasks.stream().map(TaskView::number).toList(), scale, x.force());
        x.submit(command, answer -> {
            if (scale) {
                x.deployed(200, Exchange.accepted(answer));
            } else {
                x.json(single ? document(x, tasks.getFirst()) : document(x, tasks, false));
            }
        });
    }

    /** {@code {"tasks":[...]}}, without those that are instances of pods. */
    static Iterator<JsonPiece> document(Exchange x, List<TaskView> tasks,
            boolean withServicePorts) {
        TaskJson writer = new TaskJson(x.backend().definitions(), x.backend().clusterId());
        return Stream.of(
                Stream.<JsonPiece>of(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("tasks");
                }),
                tasks.stream().filter(task -> !task.ofPod()).<JsonPiece>map(
                        task -> json -> writer.write(json, task, withServicePorts)),
                Stream.<JsonPiece>of(json -> {
                    json.writeEndArray();
                    json.writeEndObject();
                })).flatMap(part -> part).iterator();
    }

    private static Iterator<JsonPiece> document(Exchange x, TaskView task) {
        TaskJson writer = new TaskJson(x.backend().definitions(), x.backend().clusterId());
        return List.<JsonPiece>of(json -> {
            json.writeStartObject();
            json.writeFieldName("task");
            writer.write(json, task, false);
            json.writeEndObject();
        }).iterator();
    }
}
