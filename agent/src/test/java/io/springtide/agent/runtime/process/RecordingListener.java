package io.springtide.agent.runtime.process;

import io.springtide.agent.Await;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.TaskListener;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what it hears. */
final class RecordingListener implements TaskListener {

    final Set<Long> started = ConcurrentHashMap.newKeySet();
    final Set<Long> running = ConcurrentHashMap.newKeySet();
    final Set<Long> paused = ConcurrentHashMap.newKeySet();
    final Set<Long> resumed = ConcurrentHashMap.newKeySet();
    final Map<Long, Ending> ended = new ConcurrentHashMap<>();

    @Override
    public void starting(long instanceId) {
        started.add(instanceId);
    }

    @Override
    public void running(long instanceId, String ipAddress) {
        running.add(instanceId);
    }

    @Override
    public void paused(long instanceId) {
        paused.add(instanceId);
    }

    @Override
    public void resumed(long instanceId) {
        resumed.add(instanceId);
    }

    @Override
    public void ended(long instanceId, Ending ending) {
        if (ended.put(instanceId, ending) != null) {
            throw new AssertionError("ended twice: " + instanceId);
        }
    }

    void awaitRunning(long instanceId) {
        Await.until("task " + instanceId + " runs; ended: " + ended,
                () -> running.contains(instanceId) || ended.containsKey(instanceId));
        if (!running.contains(instanceId)) {
            throw new AssertionError("never ran: " + ended.get(instanceId));
        }
    }

    Ending awaitEnded(long instanceId) {
        Await.until("task " + instanceId + " ends", () -> ended.containsKey(instanceId));
        return ended.getOrDefault(instanceId, new Ending.Gone("cannot be"));
    }

    int awaitExit(long instanceId) {
        return switch (awaitEnded(instanceId)) {
            case Ending.Exited(int code, String message) -> code;
            case Ending.NotStarted(String message) ->
                throw new AssertionError("not started: " + message);
            case Ending.Gone(String message) -> throw new AssertionError("gone: " + message);
        };
    }
}
