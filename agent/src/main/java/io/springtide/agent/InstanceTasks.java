package io.springtide.agent;

import io.springtide.agent.health.HealthTarget;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.pod.ContainerIds;
import io.springtide.agent.runtime.pod.ContainerTask;
import io.springtide.agent.runtime.pod.Instance;
import io.springtide.agent.runtime.pod.PodNetwork;
import io.springtide.agent.sandbox.PodFolder;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes of an order of the master what the runtimes are told. */
final class InstanceTasks {

    private final String hostname;

    /** @param hostname under which the host ports of this machine can be reached */
    InstanceTasks(String hostname) {
        this.hostname = hostname;
    }

    /**
     * An instance, complete in itself.
     *
     * @param spec in which the engine has found no fault
     * @param gpus which of the machine's GPUs it gets, one bit each
     */
    Instance compose(long id, TaskSpec spec, List<Integer> hostPorts, int gpus, Path sandbox) {
        String taskId = TaskIds.taskId(spec.getTaskIdPrefix(), id);
        Task task = new Task(id, taskId, spec, hostPorts,
                TaskEnvironment.compose(spec, taskId, hostPorts, gpus, hostname, sandbox), sandbox);
        List<ContainerTask> containers = new ArrayList<>();
        int portsTaken = 0;
        int gpusLeft = gpus;
        for (PodContainer container : spec.getContainersList()) {
            int portsEnd = portsTaken + (int) container.getSpec().getPortsList().stream()
                    .filter(PortSpec::getHostPort).count();
            int own = lowest(gpusLeft, container.getSpec().getResources().getGpus());
            gpusLeft &= ~own;
            containers.add(container(task, container, containers,
                    hostPorts.subList(portsTaken, portsEnd), own));
            portsTaken = portsEnd;
        }
        return new Instance(task, containers);
    }

    private ContainerTask container(Task pod, PodContainer container, List<ContainerTask> before,
            List<Integer> hostPorts, int gpus) {
        String name = container.getName();
        String instanceId = TaskIds.instanceId(pod.spec().getTaskIdPrefix(), pod.instanceId());
        String taskId = instanceId + "." + name + ".1";
        Path sandbox = PodFolder.container(pod.sandbox(), name);
        TaskSpec spec = container.getSpec().toBuilder().setRuntime(pod.spec().getRuntime())
                .setAppId(pod.spec().getAppId()).setAppVersion(pod.spec().getAppVersion())
                .clearLabels().putAllLabels(pod.spec().getLabelsMap())
                .putAllLabels(container.getSpec().getLabelsMap()).build();
        TaskSpec.Builder told = spec.toBuilder().setContainer(mounted(spec, pod.sandbox()));
        List<Integer> portsTold = hostPorts;
        if (PodNetwork.own(spec.getRuntime(),
                pod.spec().getContainers(0).getSpec().getContainer())) {
            told.clearPorts();
            if (before.isEmpty()) {
                told.addAllPorts(pod.spec().getPortsList());
                portsTold = pod.hostPorts();
            } else {
                told.setContainer(PodNetwork.joining(told.getContainer(),
                        before.get(0).task().taskId()));
                portsTold = List.of();
            }
        }
        return new ContainerTask(name, spec, hostPorts,
                new Task(ContainerIds.of(pod.instanceId(), before.size()), taskId, told.build(),
                        portsTold,
                        PodEnvironment.compose(pod.spec(), name, spec, instanceId, taskId,
                                pod.hostPorts(), gpus, hostname, sandbox),
                        sandbox));
    }

    /** The container with the folders in the place of the names of what the pod shares. */
    private static Container mounted(TaskSpec spec, Path sandbox) {
        Container.Builder container = spec.getContainer().toBuilder().clearVolumes();
        for (Volume volume : spec.getContainer().getVolumesList()) {
            container.addVolumes(volume.getPodVolume().isEmpty()
                    ? volume
                    : volume.toBuilder().clearPodVolume().setHostPath(
                            PodFolder.volume(sandbox, volume.getPodVolume()).toString()).build());
        }
        return container.build();
    }

    /** The lowest so many of some bits. */
    private static int lowest(int bits, int count) {
        int taken = 0;
        for (int i = 0; i < count && (bits & ~taken) != 0; i++) {
            taken |= Integer.lowestOneBit(bits & ~taken);
        }
        return taken;
    }

    /** What is to be checked of an instance that runs: the task of an app, each container of a pod. */
    static List<HealthTarget> healthTargets(Instance instance, String ipAddress) {
        if (instance.containers().isEmpty()) {
            return List.of(HealthTarget.of(instance.task(), ipAddress));
        }
        Task network = instance.containers().get(0).task();
        return instance.containers().stream()
                .map(one -> new HealthTarget(instance.id(), one.name(), one.spec(), one.hostPorts(),
                        ipAddress, one.task(), network))
                .toList();
    }
}
