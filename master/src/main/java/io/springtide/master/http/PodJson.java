package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodWriter;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;

/** Pods as clients see them, and how they are told from apps, whose ids they share. */
final class PodJson {

    private PodJson() {}

    /** Whether a version is a pod's. */
    static boolean isPod(AppVersion version) {
        return version.spec().kind() == RunKind.POD;
    }

    /** Whether it is a pod that has not been deleted. */
    static boolean isPod(AppState app) {
        return !app.leaving() && isPod(app.latest());
    }

    /** Whether it is an app that has not been deleted, and no pod. */
    static boolean isApp(AppState app) {
        return !app.leaving() && !isPod(app.latest());
    }

    /** The definition of a pod, its version included. */
    static ObjectNode definition(AppVersion version) {
        return PodWriter.write(pod(version), version.versionMs());
    }

    /** The pod as it was asked for. */
    static Pod pod(AppVersion version) {
        return PodWriter.fromDefinition(version.spec().definition(), version.spec().instances());
    }

    /** Whether an id names an instance: itself, its task, or the task of one of its containers. */
    static boolean isNamed(TaskView task, String clusterId, String taskOrInstanceId) {
        String prefix = TaskIds.prefix(task.appPath(), clusterId);
        String instance = TaskIds.instanceId(prefix, task.number());
        if (!task.ofPod()) {
            return taskOrInstanceId.equals(instance)
                    || taskOrInstanceId.equals(TaskIds.taskId(prefix, task.number()));
        }
        return taskOrInstanceId.equals(instance) || (taskOrInstanceId.startsWith(instance + ".")
                && TaskIds.container(taskOrInstanceId).isPresent());
    }

    /** The id of an instance's task; of a pod's that of its first container. */
    static String taskId(String prefix, AppVersion version, long instance) {
        return isPod(version)
                ? TaskIds.taskId(prefix, instance,
                        PodWriter.firstContainer(version.spec().definition()))
                : TaskIds.taskId(prefix, instance);
    }
}
