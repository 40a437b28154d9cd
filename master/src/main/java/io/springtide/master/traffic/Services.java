package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Service;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All published apps. Facts say which apps and instances to look at again; {@link #settle} looks once
 * for all of them. Facts about apps that publish nothing cost a look into a map. Not safe for several
 * threads.
 */
final class Services {

    private final ServiceReader reader;
    private final TreeMap<AppId, AppTraffic> apps = new TreeMap<>();
    private final TreeSet<AppId> said = new TreeSet<>();
    /** Their apps by instances. */
    private final Map<Long, AppId> touched = new LinkedHashMap<>();
    private final List<Long> gone = new ArrayList<>();
    /** Which ports have another owner, and who has come, since the last {@link #settle}. */
    private final List<Event.InstancesPlaced> placed = new ArrayList<>();
    private final List<String> registered = new ArrayList<>();
    private boolean all = true;
    private boolean settled;

    Services(ServiceReader reader) {
        this.reader = reader;
    }

    /** Everything is to be looked at anew. */
    void touchAll() {
        all = true;
    }

    /** What is about to be lost sight of. */
    void before(Event event, ClusterState state) {
        if (event instanceof Event.InstancesReported reported) {
            reported.statuses().forEach(status -> touch(status.instance(), state));
        } else if (event instanceof Event.InstancesLost lost) {
            lost.instances().forEach(number -> touch(number, state));
        }
    }

    void after(Event event, ClusterState state) {
        switch (event) {
            case Event.InstancesDecommissioned ending ->
                ending.instances().forEach(number -> touch(number, state));
            case Event.InstancesPromoted promoted ->
                promoted.instances().forEach(number -> touch(number, state));
            case Event.InstancesDeactivated inactive ->
                inactive.instances().forEach(number -> touch(number, state));
            case Event.InstancesPlaced now -> {
                if (!apps.isEmpty()) {
                    placed.add(now);
                }
            }
            case Event.AppVersioned versioned -> said.add(versioned.version().spec().id());
            case Event.AppLeaving leaving -> said.add(leaving.app());
            case Event.AppRemoved removed -> said.add(removed.app());
            case Event.WeightsSet set -> said.add(set.app());
            case Event.AppScaled scaled -> said.add(scaled.app());
            case Event.ScalingSet set -> said.add(set.app());
            case Event.ScalingRemoved removed -> said.add(removed.app());
            case Event.DeploymentStarted started -> saidOf(started.deployment().number(), state);
            case Event.DeploymentAdvanced advanced -> saidOf(advanced.number(), state);
            case Event.HealthStormChanged unused -> all = true;
            case Event.AgentRegistered come -> {
                registered.add(come.agent().hostname());
                touchRow(come.row(), state);
            }
            case Event.AgentSettled settled -> touchRow(settled.row(), state);
            default -> {
                // Says nothing about who serves.
            }
        }
    }

    private void saidOf(long deployment, ClusterState state) {
        state.deployment(deployment).ifPresent(
                one -> one.actions().forEach(action -> said.add(action.app())));
    }

    private void touchRow(int row, ClusterState state) {
        InstanceList instances = state.agents().instances(row);
        for (int i = 0; i < instances.size() && !apps.isEmpty(); i++) {
            touch(instances.get(i));
        }
    }

    private void touch(long number, ClusterState state) {
        if (!apps.isEmpty()) {
            state.instance(number).ifPresent(this::touch);
        }
    }

    private void touch(Instance instance) {
        AppId app = instance.app().id();
        if (apps.containsKey(app)) {
            touched.put(instance.number(), app);
        }
    }

    /**
     * What may be gone is shown only as long as nobody else has its place. Looked at last: what ends, and
     * what takes its port, may be facts of one decision.
     */
    private List<AppId> forget() {
        List<AppId> forgetful = new ArrayList<>();
        if (!placed.isEmpty() || !registered.isEmpty()) {
            for (AppTraffic app : apps.values()) {
                if (app.keeps()) {
                    registered.forEach(app::registered);
                    placed.forEach(one -> forget(one, app));
                    forgetful.add(app.id());
                }
            }
        }
        registered.clear();
        placed.clear();
        return forgetful;
    }

    private static void forget(Event.InstancesPlaced placed, AppTraffic app) {
        int each = placed.agentRows().length == 0
                ? 0
                : placed.ports().length / placed.agentRows().length;
        for (int i = 0; i < placed.ports().length; i++) {
            app.placed(placed.agentRows()[i / each], placed.ports()[i]);
        }
    }

    /** Looks at everything that facts have pointed at; says whether the table is another now. */
    boolean settle(ClusterState state, long nowMs) {
        boolean removed = false;
        TreeSet<AppId> seen = new TreeSet<>();
        boolean everything = all;
        if (all) {
            said.addAll(apps.keySet());
            state.apps().keySet().forEach(said::add);
            all = false;
        }
        for (AppId id : said) {
            Optional<AppState> app = state.app(id);
            Published published = app.map(one -> reader.definition(one.current()).published())
                    .orElse(Published.NOTHING);
            if (published.equals(Published.NOTHING)) {
                removed |= apps.remove(id) != null;
                continue;
            }
            boolean unknown = !apps.containsKey(id);
            AppTraffic traffic = apps.computeIfAbsent(id, unused -> new AppTraffic(id, reader));
            traffic.configure(app.orElseThrow(), published, state, everything || unknown);
            if (!settled) {
                traffic.inherit(app.orElseThrow(), state);
            }
            seen.add(id);
        }
        touched.forEach((number, id) -> {
            AppTraffic app = apps.get(id);
            if (app != null) {
                app.look(number, state);
                seen.add(id);
            }
            if (state.instance(number).isEmpty()) {
                gone.add(number);
            }
        });
        said.clear();
        touched.clear();
        settled = true;
        seen.addAll(forget());
        boolean changed = removed;
        for (AppId id : seen) {
            AppTraffic app = apps.get(id);
            Optional<AppState> known = state.app(id);
            if (app != null && known.isPresent()) {
                app.settle(known.get(), nowMs);
                changed |= app.changed();
            }
        }
        return changed;
    }

    /** Instances that are over since the last call. */
    List<Long> drainGone() {
        List<Long> drained = List.copyOf(gone);
        gone.clear();
        return drained;
    }

    Optional<AppTraffic> app(AppId id) {
        return Optional.ofNullable(apps.get(id));
    }

    Collection<AppTraffic> apps() {
        return apps.values();
    }

    /** What is to be served, app by app. */
    List<Service> all() {
        List<Service> services = new ArrayList<>(apps.size());
        apps.values().forEach(app -> services.addAll(app.services()));
        return services;
    }
}
