package io.springtide.core.state;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.RolloutState;
import io.springtide.core.model.TaskFailure;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An app: its versions, its instances, and how its launching stands. Only {@code apply} changes it. */
public final class AppState {

    /** Older versions are dropped unless an instance still runs them. Source: Marathon's zk_max_versions. */
    static final int VERSIONS_MAX = 50;

    /** So many changes of the count are remembered. */
    static final int SCALINGS_MAX = 50;

    final AppId id;
    final TreeMap<Long, AppVersion> versions = new TreeMap<>();
    final InstanceList instances = new InstanceList();
    final ArrayDeque<ScalingDecision> scalings = new ArrayDeque<>();

    Memory memory;
    AppVersion current;
    @Nullable
    AppVersion planned;
    boolean awaiting;
    RolloutState rollout = RolloutState.NONE;
    SortedMap<Long, Integer> weights = new TreeMap<>();
    boolean leaving;
    @Nullable
    ScalingPolicy scaling;
    int scaled;
    long deployment;
    long delayMs;
    long launchAfterMs;
    long waitingSinceMs;
    int missing;
    int evicted;
    Rejections rejections = Rejections.NONE;
    @Nullable
    TaskFailure lastFailure;

    /** Instances whose health checks are exhausted; follows from them. */
    int ill;

    /** Instances that are kept as standbys; follows from them. */
    int standbys;

    /** Those, and the ones that are ending and have never been promoted. */
    int spare;

    /** As the table of service ports has counted it; follows from its versions. */
    TreeSet<Integer> servicePorts = new TreeSet<>();

    /** Whether it is in the state's list of touched apps; no part of the state proper. */
    boolean touched;

    AppState(AppVersion first) {
        this.id = first.spec().id();
        this.current = first;
        this.memory = Memory.since(first.versionMs());
        versions.put(first.versionMs(), first);
    }

    public AppId id() {
        return id;
    }

    /** What its instances are to be now. */
    public AppVersion current() {
        return current;
    }

    /** What it is to be in the end: {@link #current}, unless a later step of a deployment changes it. */
    public AppVersion latest() {
        return planned == null ? current : planned;
    }

    /** It is new, and the step of its deployment that starts it has not begun. */
    public boolean awaiting() {
        return awaiting;
    }

    /** How far the change to the present configuration has come. */
    public RolloutState rollout() {
        return rollout;
    }

    /** How traffic is to be shared between versions; empty if nothing has been said. */
    public SortedMap<Long, Integer> weights() {
        return Collections.unmodifiableSortedMap(weights);
    }

    /** How many of its instances have health checks that failed more often than it tolerates. */
    public int ill() {
        return ill;
    }

    /** Oldest first, the current one included. */
    public Collection<AppVersion> versions() {
        return Collections.unmodifiableCollection(versions.values());
    }

    /** By the time from which they count, the current one included. */
    public NavigableMap<Long, AppVersion> history() {
        return Collections.unmodifiableNavigableMap(versions);
    }

    /** How far back {@link #history} tells what it was. */
    public Memory memory() {
        return memory;
    }

    public Optional<AppVersion> version(long versionMs) {
        return Optional.ofNullable(versions.get(versionMs));
    }

    public InstanceList instances() {
        return instances;
    }

    /** It has been deleted; what still runs is being ended. */
    public boolean leaving() {
        return leaving;
    }

    /** How many are to run: what its policy has decided, or what its version says if none does. */
    public int wanted() {
        return leaving || awaiting ? 0 : scaled();
    }

    /** The policy that decides how many are to run, on trial or in earnest. */
    public Optional<ScalingPolicy> scaling() {
        return Optional.ofNullable(scaling);
    }

    /** A policy has the count in earnest: no submission, deployment or rollback changes it. */
    public boolean ownedByPolicy() {
        return scaling != null && !scaling.dryRun();
    }

    /** How many are to run while it runs: whatever {@link #leaving} and {@link #awaiting} say. */
    public int scaled() {
        return ownedByPolicy() ? scaled : current.spec().instances();
    }

    /** How many are to run in the end: {@link #scaled}, unless a later step of a deployment changes it. */
    public int scaledLatest() {
        return ownedByPolicy() ? scaled : latest().spec().instances();
    }

    /** The last changes of its count that its policy has decided, oldest first. */
    public List<ScalingDecision> scalings() {
        return List.copyOf(scalings);
    }

    /** The running deployment that includes this app; 0 = none. */
    public long deployment() {
        return deployment;
    }

    /** The present delay after failures; 0 = none. */
    public long delayMs() {
        return delayMs;
    }

    /** Nothing is launched before this time. */
    public long launchAfterMs() {
        return launchAfterMs;
    }

    /** Since when instances have been missing without a break; 0 = none is. */
    public long waitingSinceMs() {
        return waitingSinceMs;
    }

    /** How many could not be placed when it was tried last. */
    public int missing() {
        return missing;
    }

    /** Instances that had to give way to others and have not been placed anew since. */
    public int evicted() {
        return evicted;
    }

    /** How many of its instances are kept frozen, or are being started for that. */
    public int standbys() {
        return standbys;
    }

    /** All of its instances but those that are, or were, standbys and never served. */
    int serving() {
        return instances.size() - spare;
    }

    /** How many instances count towards what is wanted. */
    public int active() {
        int active = 0;
        for (int i = 0; i < instances.size(); i++) {
            active += instances.get(i).active() ? 1 : 0;
        }
        return active;
    }

    /** Why they could not. */
    public Rejections rejections() {
        return rejections;
    }

    public Optional<TaskFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }
}
