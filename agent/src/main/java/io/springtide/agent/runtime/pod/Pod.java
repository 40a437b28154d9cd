package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.sandbox.PodFolder;
import io.springtide.api.agent.ContainerStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of a pod: its containers begin together, and none outlives another. Owned by one
 * thread, on which no callback of the runtime arrives.
 */
final class Pod {

    private static final Logger LOG = LoggerFactory.getLogger(Pod.class);
    /** Where neither the container nor the pod says how long it may take to end. */
    private static final Duration GRACE_FALLBACK = Duration.ofSeconds(3);

    private final Instance instance;
    private final TaskRuntime runtime;
    private final TaskListener tasks;
    private final InstanceListener listener;
    private final List<Member> members;
    /** Whether the first container's network is that of the others, so that it must be there first. */
    private final boolean joined;
    private boolean startingTold;
    private boolean runningTold;
    private String ipAddress = "";
    /** Set once a container has ended or the master wants it: from then on everything ends. */
    private boolean ending;
    private boolean over;
    /** While the runtime has not said of every container what it has found. */
    private boolean adopting;
    private Optional<Duration> killGrace = Optional.empty();
    /** Whether all are to be frozen, or to go on; empty once all do. */
    private Optional<Boolean> freezing = Optional.empty();
    private final Set<Integer> answered = new HashSet<>();

    /**
     * A pod that does not run yet.
     *
     * @param tasks what the runtime tells of its containers; leads back here
     */
    Pod(Instance instance, TaskRuntime runtime, TaskListener tasks, InstanceListener listener) {
        this.instance = instance;
        this.runtime = runtime;
        this.tasks = tasks;
        this.listener = listener;
        this.members = instance.containers().stream().map(Member::new).toList();
        this.joined = instance.containers().stream()
                .anyMatch(container -> PodNetwork.joins(container.task()));
    }

    boolean over() {
        return over;
    }

    // ------------------------------------------------------------ begin

    void launch() {
        try {
            PodPreparation.prepare(instance);
        } catch (IOException | IllegalArgumentException e) {
            over = true;
            listener.ended(instance.id(), new Ending.NotStarted(e instanceof IOException
                    ? "the pod's sandbox could not be made: " + e + "; look at the agent's disk."
                    : String.valueOf(e.getMessage())));
            return;
        }
        if (joined) {
            launch(members.get(0));
        } else {
            members.forEach(this::launch);
        }
    }

    private void launch(Member member) {
        if (!member.launched()) {
            member.becomeLaunched();
            runtime.launch(member.task(), tasks);
        }
    }

    /** Takes up what an earlier life of this agent has left; what is only half there is ended. */
    void adopt() {
        adopting = true;
        Optional<Set<String>> endedBefore = PodFolder.ended(instance.task().sandbox());
        for (Member member : members) {
            member.becomeLaunched();
            endedBefore.filter(names -> !names.contains(member.name()))
                    .ifPresent(names -> member.becomeKilled());
        }
        // Told to the runtime only now: all of it is known when the first answer comes.
        members.forEach(member -> runtime.adopt(member.task(), tasks));
        ending = endedBefore.isPresent();
    }

    // ------------------------------------------------------------ what the runtime tells

    void starting(int index) {
        if (members.get(index).becomeStarting()) {
            tellContainers();
            if (!startingTold && !ending) {
                startingTold = true;
                listener.starting(instance.id());
            }
        }
    }

    void running(int index, String address) {
        Member member = members.get(index);
        if (!member.becomeRunning()) {
            return;
        }
        if (index == 0) {
            ipAddress = address;
        }
        if (settleAdoption()) {
            proceed();
        }
    }

    /** The end of a container went unnoticed, and with it that of the pod. */
    void overlooked() {
        if (!ending) {
            listener.overlooked(instance.id());
        }
    }

    void ended(int index, Ending how) {
        Member member = members.get(index);
        if (!member.becomeEnded(how)) {
            return;
        }
        if (settleAdoption()) {
            proceed();
        }
    }

    /** Whether it is known how every container stands. */
    private boolean settleAdoption() {
        adopting = adopting && !members.stream().allMatch(Member::seen);
        return !adopting;
    }

    // ------------------------------------------------------------ what follows

    private void proceed() {
        if (!ending && members.stream().anyMatch(Member::ended)) {
            ending = true;
            noteEnded();
        }
        if (ending) {
            end();
        } else if (joined && members.get(0).runs()) {
            members.forEach(this::launch);
        }
        tellContainers();
        if (members.stream().allMatch(Member::ended)) {
            over = true;
            listener.ended(instance.id(), PodEnding.of(members));
        } else if (!runningTold && members.stream().allMatch(Member::runs)) {
            runningTold = true;
            listener.running(instance.id(), ipAddress);
        }
    }

    /** Lest the next agent takes the ends that follow for the containers' own. */
    private void noteEnded() {
        List<String> names = members.stream().filter(Member::ended).map(Member::name).toList();
        try {
            PodFolder.noteEnded(instance.task().sandbox(), names);
        } catch (IOException e) {
            LOG.warn("pod.note.failed task={} error={}; if the agent dies now, the pod may count"
                    + " as failed", instance.task().taskId(), e.toString());
        }
    }

    private void end() {
        for (Member member : members) {
            if (member.ended()) {
                continue;
            }
            Duration grace = grace(member);
            if (!member.launched()) {
                member.becomeNeverStarted();
            } else if (member.becomeKilled(grace)) {
                runtime.kill(member.task().instanceId(), grace);
            }
        }
    }

    /** Its own grace; an order of the master may only shorten it. */
    private Duration grace(Member member) {
        long ownMs = member.task().spec().getKillGraceMs();
        long podMs = instance.task().spec().getKillGraceMs();
        Duration own = ownMs > 0
                ? Duration.ofMillis(ownMs)
                : podMs > 0 ? Duration.ofMillis(podMs) : GRACE_FALLBACK;
        return killGrace.filter(ordered -> ordered.compareTo(own) < 0).orElse(own);
    }

    /** Ends it because the master, or the agent's owner, wants so. */
    void kill(Duration grace) {
        if (over) {
            return;
        }
        killGrace = killGrace.filter(before -> before.compareTo(grace) <= 0)
                .or(() -> Optional.of(grace));
        ending = true;
        if (adopting) {
            // The runtimes remember it for the time when they have found what there is.
            end();
        } else {
            proceed();
        }
    }

    // ------------------------------------------------------------ freezing

    /** Freezes all its containers; told once the last one stands still. */
    void pause() {
        freeze(true);
    }

    /** Lets all its containers go on; told once the last one does. */
    void resume() {
        freeze(false);
    }

    private void freeze(boolean frozen) {
        if (ending || over) {
            return;
        }
        freezing = Optional.of(frozen);
        answered.clear();
        for (Member member : members) {
            if (frozen) {
                runtime.pause(member.task().instanceId());
            } else {
                runtime.resume(member.task().instanceId());
            }
        }
    }

    void paused(int index) {
        if (answered(index, true)) {
            listener.paused(instance.id());
        }
    }

    void resumed(int index) {
        if (answered(index, false)) {
            listener.resumed(instance.id());
        }
    }

    /** Whether that was the last answer to the wish that counts. */
    private boolean answered(int index, boolean frozen) {
        if (ending || freezing.filter(wanted -> wanted == frozen).isEmpty()) {
            return false;
        }
        answered.add(index);
        if (answered.size() < members.size()) {
            return false;
        }
        freezing = Optional.empty();
        return true;
    }

    private void tellContainers() {
        List<ContainerStatus> statuses = new ArrayList<>();
        members.forEach(member -> statuses.add(member.status()));
        listener.containers(instance.id(), statuses);
    }
}
