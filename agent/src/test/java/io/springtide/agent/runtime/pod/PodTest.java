package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.sandbox.PodFolder;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The life of a pod, against a runtime that only the test moves. */
class PodTest implements InstanceListener {

    @TempDir
    Path sandbox = Path.of("");

    private final FakeTasks tasks = new FakeTasks();
    private final List<String> heard = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private List<ContainerStatus> containers = List.of();
    private Pod pod = pod(false);

    @BeforeEach
    void fresh() {
        pod = pod(false);
    }

    /** Three containers; {@code b} may take 500 ms to end, {@code c} has a volume. */
    private Pod pod(boolean joined) {
        List<ContainerTask> parts = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            TaskSpec.Builder spec = TaskSpec.newBuilder();
            if (name.equals("b")) {
                spec.setKillGraceMs(500);
            }
            if (name.equals("c")) {
                spec.setContainer(Container.newBuilder().addVolumes(Volume.newBuilder()
                        .setContainerPath("/var/shared").setPodVolume("scratch")));
            }
            if (joined && !parts.isEmpty()) {
                spec.setContainer(PodNetwork.joining(spec.getContainer(), "task-a"));
            }
            Task task = new Task(ContainerIds.of(7, parts.size()), "task-" + name, spec.build(),
                    List.of(), Map.of(), PodFolder.container(sandbox, name));
            parts.add(new ContainerTask(name, spec.build(), List.of(), task));
        }
        Task whole = new Task(7, "task",
                TaskSpec.newBuilder().setRuntime(Runtime.PROCESS).setKillGraceMs(4000).build(),
                List.of(), Map.of(), sandbox);
        TaskListener unused = this;
        return new Pod(new Instance(whole, parts), tasks, unused, this);
    }

    @Override
    public void starting(long instanceId) {
        heard.add("starting");
    }

    @Override
    public void running(long instanceId, String ipAddress) {
        heard.add("running " + ipAddress);
    }

    @Override
    public void ended(long instanceId, Ending ending) {
        heard.add("ended");
        endings.add(ending);
    }

    @Override
    public void paused(long instanceId) {
        heard.add("paused");
    }

    @Override
    public void resumed(long instanceId) {
        heard.add("resumed");
    }

    @Override
    public void containers(long instanceId, List<ContainerStatus> statuses) {
        containers = statuses;
    }

    private List<Condition> conditions() {
        return containers.stream().map(ContainerStatus::getCondition).toList();
    }

    private void runAll() {
        pod.launch();
        for (int i = 0; i < 3; i++) {
            pod.starting(i);
            pod.running(i, i == 0 ? "10.0.0.1" : "");
        }
        tasks.told();
    }

    private static Ending exit(int code) {
        return new Ending.Exited(code, "");
    }

    @Test
    void isFrozenOnceAllAreAndGoesOnOnceAllDo() {
        runAll();
        heard.clear();
        pod.pause();
        assertThat(tasks.told()).containsExactly("pause 0", "pause 1", "pause 2");
        pod.paused(0);
        pod.paused(2);
        pod.paused(2);
        assertThat(heard).isEmpty();
        pod.paused(1);
        assertThat(heard).containsExactly("paused");
        pod.resume();
        pod.paused(1); // late
        assertThat(tasks.told()).containsExactly("resume 0", "resume 1", "resume 2");
        for (int i = 0; i < 3; i++) {
            pod.resumed(i);
        }
        assertThat(heard).containsExactly("paused", "resumed");
    }

    @Test
    void oneThatEndsFrozenEndsTheOthers() {
        runAll();
        pod.pause();
        pod.paused(0);
        tasks.told();
        pod.ended(1, exit(9));
        assertThat(tasks.told()).allMatch(order -> order.startsWith("kill"));
        pod.paused(2);
        pod.resume();
        assertThat(tasks.told()).isEmpty();
        assertThat(heard).doesNotContain("paused");
    }

    @Test
    void runsOnceAllRun() {
        pod.launch();
        assertThat(tasks.told()).containsExactly("launch 0", "launch 1", "launch 2");
        pod.starting(1);
        pod.starting(0);
        pod.running(1, "");
        pod.running(0, "10.0.0.1");
        assertThat(heard).containsExactly("starting");
        assertThat(conditions()).containsExactly(Condition.RUNNING, Condition.RUNNING,
                Condition.STAGING);
        pod.running(2, "");
        assertThat(heard).containsExactly("starting", "running 10.0.0.1");
        assertThat(containers).extracting(ContainerStatus::getName).containsExactly("a", "b", "c");
    }

    @Test
    void whereTheFirstBringsTheNetworkTheOthersWaitForIt() {
        pod = pod(true);
        pod.launch();
        assertThat(tasks.told()).containsExactly("launch 0");
        pod.starting(0);
        pod.running(0, "10.0.0.1");
        assertThat(tasks.told()).containsExactly("launch 1", "launch 2");
    }

    @Test
    void theEndOfOneEndsTheOthersEachWithinItsOwnGrace() {
        runAll();
        pod.ended(0, exit(0));
        assertThat(tasks.told()).containsExactly("kill 1 in 500", "kill 2 in 4000");
        assertThat(conditions()).containsExactly(Condition.FINISHED, Condition.KILLING,
                Condition.KILLING);
        pod.ended(1, exit(143));
        assertThat(endings).isEmpty();
        pod.ended(2, exit(1));
        assertThat(endings)
                .containsExactly(new Ending.Exited(0, "container a ended with exit code 0"));
        assertThat(conditions()).containsExactly(Condition.FINISHED, Condition.KILLED,
                Condition.KILLED);
        assertThat(pod.over()).isTrue();
    }

    @Test
    void aFailureNamesTheContainerAndItsExit() {
        runAll();
        pod.ended(2, new Ending.Exited(137, "memory ran out"));
        pod.ended(0, exit(0));
        pod.ended(1, exit(0));
        assertThat(endings).containsExactly(new Ending.Exited(137,
                "container c ended with exit code 137: memory ran out"));
        assertThat(containers.get(2).getCondition()).isEqualTo(Condition.FAILED);
        assertThat(containers.get(2).getExitCode()).isEqualTo(137);
    }

    @Test
    void whatCannotStartEndsThePodBeforeTheOthersHaveBegun() {
        pod = pod(true);
        pod.launch();
        tasks.told();
        pod.ended(0, new Ending.NotStarted("no image"));
        assertThat(tasks.told()).isEmpty();
        assertThat(endings).containsExactly(new Ending.NotStarted("container a: no image"));
        assertThat(conditions()).containsExactly(Condition.ERROR, Condition.KILLED,
                Condition.KILLED);
    }

    @Test
    void anOrderToKillMayOnlyShortenTheGraces() {
        runAll();
        pod.kill(Duration.ofSeconds(1));
        assertThat(tasks.told()).containsExactly("kill 0 in 1000", "kill 1 in 500",
                "kill 2 in 1000");
        pod.kill(Duration.ofSeconds(9));
        assertThat(tasks.told()).as("it is under way already").isEmpty();
        pod.kill(Duration.ofMillis(100));
        assertThat(tasks.told()).containsExactly("kill 0 in 100", "kill 1 in 100",
                "kill 2 in 100");
        for (int i = 0; i < 3; i++) {
            pod.ended(i, exit(143));
        }
        assertThat(endings).containsExactly(new Ending.Exited(143, ""));
        assertThat(conditions()).containsOnly(Condition.KILLED);
    }

    @Test
    void aKillWhileTheFirstStartsKeepsTheOthersFromStarting() {
        pod = pod(true);
        pod.launch();
        pod.kill(Duration.ofSeconds(1));
        assertThat(tasks.told()).containsExactly("launch 0", "kill 0 in 1000");
        pod.running(0, "");
        assertThat(tasks.told()).isEmpty();
        pod.ended(0, exit(143));
        assertThat(heard).containsExactly("ended");
        assertThat(endings).containsExactly(new Ending.Exited(143, ""));
    }

    @Test
    void aKillBeforeAnythingRanSaysSo() {
        pod.launch();
        pod.kill(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            pod.ended(i, new Ending.NotStarted("killed"));
        }
        assertThat(endings).containsExactly(new Ending.NotStarted("killed before it was started"));
        assertThat(conditions()).containsOnly(Condition.KILLED);
    }

    @Test
    void anotherAgentTakesUpWhatRuns() {
        runAll();
        Pod next = pod(false);
        next.adopt();
        assertThat(tasks.told()).containsExactly("adopt 0", "adopt 1", "adopt 2");
        heard.clear();
        next.running(2, "");
        next.running(0, "10.0.0.1");
        next.running(1, "");
        assertThat(heard).containsExactly("running 10.0.0.1");
        assertThat(tasks.told()).isEmpty();
    }

    @Test
    void whatEndedWhileNobodyLookedEndedByItself() {
        runAll();
        Pod next = pod(false);
        next.adopt();
        tasks.told();
        next.ended(0, exit(0));
        assertThat(tasks.told()).as("not before all is known").isEmpty();
        next.running(1, "");
        next.ended(2, exit(3));
        assertThat(tasks.told()).containsExactly("kill 1 in 500");
        next.ended(1, exit(143));
        assertThat(endings)
                .containsExactly(new Ending.Exited(3, "container c ended with exit code 3"));
    }

    @Test
    void whatWasBeingEndedWhenTheAgentDiedIsNotTakenForAFailure() {
        runAll();
        pod.ended(0, exit(0));
        Pod next = pod(false);
        next.adopt();
        tasks.told();
        next.ended(1, exit(143));
        next.running(2, "");
        next.ended(0, exit(0));
        assertThat(tasks.told()).containsExactly("kill 2 in 4000");
        next.ended(2, exit(137));
        assertThat(endings)
                .containsExactly(new Ending.Exited(0, "container a ended with exit code 0"));
    }

    @Test
    void aPodOfWhichAPartIsGoneIsEnded() {
        Pod next = pod(false);
        next.adopt();
        tasks.told();
        next.running(0, "");
        next.running(1, "");
        next.ended(2, new Ending.Gone("no trace"));
        assertThat(tasks.told()).containsExactly("kill 0 in 4000", "kill 1 in 500");
        next.ended(0, exit(143));
        next.ended(1, exit(143));
        assertThat(endings).containsExactly(new Ending.Exited(-1,
                "container c was not found again, so the pod was ended: no trace"));
    }

    @Test
    void aPodOfWhichNothingIsLeftIsGone() {
        Pod next = pod(false);
        next.adopt();
        for (int i = 0; i < 3; i++) {
            next.ended(i, new Ending.Gone("no trace"));
        }
        assertThat(endings).containsExactly(
                new Ending.Gone("no container of the pod is there any more: no trace"));
    }

    @Test
    void aKillThatWasOrderedBeforeTheAdoptionIsCarriedOn() {
        Pod next = pod(false);
        next.adopt();
        next.kill(Duration.ofMillis(300));
        assertThat(tasks.told()).containsExactly("adopt 0", "adopt 1", "adopt 2",
                "kill 0 in 300", "kill 1 in 300", "kill 2 in 300");
        next.running(0, "");
        next.ended(1, exit(143));
        next.ended(2, exit(143));
        next.ended(0, exit(137));
        assertThat(heard).containsExactly("ended");
        assertThat(conditions()).containsOnly(Condition.KILLED);
    }

    @Test
    void processesFindTheSharedFolderBelowTheirOwn() throws IOException {
        pod.launch();
        Path link = sandbox.resolve("containers/c/var/shared");
        assertThat(link).isSymbolicLink();
        Files.writeString(link.resolve("x"), "y");
        assertThat(sandbox.resolve("volumes/scratch/x")).hasContent("y");
        tasks.told();
        pod = pod(false);
        pod.launch();
        assertThat(tasks.told()).as("what is there already is no hindrance").hasSize(3);
    }

    @Test
    void aTakenPlaceOfAVolumeSaysSo() throws IOException {
        Files.createDirectories(sandbox.resolve("containers/c/var/shared"));
        pod.launch();
        assertThat(tasks.told()).isEmpty();
        assertThat(endings).containsExactly(new Ending.NotStarted("container c: the volume at"
                + " '/var/shared' is taken by something else in the sandbox."));
    }
}
