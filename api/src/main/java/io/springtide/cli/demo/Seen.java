package io.springtide.cli.demo;

import io.springtide.api.client.Json;

/**
 * A task as the master tells it.
 *
 * @param port its first port, 0 if it has none yet
 */
record Seen(String id, String agent, String state, String startedAt, int port) {
    static Seen of(Json task) {
        return new Seen(task.get("id").text(), task.get("slaveId").text(), task.get("state").text(),
                task.get("startedAt").text(),
                task.get("ports").items().isEmpty()
                        ? 0
                        : (int) task.get("ports").items().get(0).asLong());
    }

    boolean isRunning() {
        return state.equals("TASK_RUNNING");
    }
}
