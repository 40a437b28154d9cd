package io.springtide.core.codec;

import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Rejections;
import java.util.ArrayList;
import java.util.List;

/**
 * Facts as bytes: a tag, the length of what follows, the fields. A reader skips fields behind those it
 * knows, so that a field may be added at the end; a tag is never used for something else again.
 */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class EventCodec {

    private EventCodec() {}

    /** Appends one event. */
    public static void write(FactWriter out, Event event) {
        out.fixed8(tag(event));
        int mark = out.lengthMark();
        body(out, event);
        out.lengthSet(mark);
    }

    /**
     * Reads one event.
     *
     * @throws IllegalArgumentException if it is damaged, or newer than this version understands
     */
    public static Event read(FactReader in) {
        int tag = in.fixed8();
        return body(tag, in.part());
    }

    /** All events of a payload. */
    public static List<Event> readAll(byte[] payload) {
        FactReader in = new FactReader(payload);
        List<Event> events = new ArrayList<>();
        while (in.hasMore()) {
            events.add(read(in));
        }
        return events;
    }

    private static int tag(Event event) {
        return switch (event) {
            case Event.ClusterFounded unused -> 1;
            case Event.AgentRegistered unused -> 2;
            case Event.AgentSuspected unused -> 3;
            case Event.AgentUnreachable unused -> 4;
            case Event.AgentRemoved unused -> 5;
            case Event.AppVersioned unused -> 6;
            case Event.AppLeaving unused -> 7;
            case Event.AppRemoved unused -> 8;
            case Event.DeploymentStarted unused -> 9;
            case Event.DeploymentEnded unused -> 10;
            case Event.InstancesPlaced unused -> 11;
            case Event.PlacementDeferred unused -> 12;
            case Event.InstancesReported unused -> 13;
            case Event.InstancesDecommissioned unused -> 14;
            case Event.InstancesDeactivated unused -> 15;
            case Event.InstancesLost unused -> 16;
            case Event.BackoffSet unused -> 17;
            case Event.FailureNoted unused -> 18;
            case Event.RoleConfigured unused -> 19;
            case Event.RoleRemoved unused -> 20;
            case Event.AgentMeasured unused -> 21;
            case Event.AppPlanned unused -> 22;
            case Event.RolloutMoved unused -> 23;
            case Event.WeightsSet unused -> 24;
            case Event.GroupChanged unused -> 25;
            case Event.GroupRemoved unused -> 26;
            case Event.DeploymentAdvanced unused -> 27;
            case Event.DeploymentPaused unused -> 28;
            case Event.HealthStormChanged unused -> 29;
            case Event.ReignBegan unused -> 30;
            case Event.AgentSettled unused -> 31;
            case Event.AgentKept unused -> 32;
            case Event.AgentStormChanged unused -> 33;
            case Event.ClusterRestored unused -> 34;
            case Event.AgentCompared unused -> 35;
            case Event.RestoreConfirmed unused -> 36;
            case Event.ScalingSet unused -> 37;
            case Event.ScalingRemoved unused -> 38;
            case Event.AppScaled unused -> 39;
            case Event.InstancesPromoted unused -> 40;
        };
    }

    private static void body(FactWriter out, Event event) {
        switch (event) {
            case Event.ClusterFounded founded -> {
                out.text(founded.clusterId());
                out.number(founded.atMs());
            }
            case Event.AgentRegistered registered -> registered(out, registered);
            case Event.AgentSuspected suspected ->
                rowAndTime(out, suspected.row(), suspected.atMs());
            case Event.AgentUnreachable gone -> rowAndTime(out, gone.row(), gone.atMs());
            case Event.AgentRemoved removed -> {
                out.number(removed.row());
                out.text(removed.agent().name());
            }
            case Event.AppVersioned versioned -> DeliveryCodec.write(out, versioned.version());
            case Event.AppPlanned planned -> DeliveryCodec.write(out, planned.version());
            case Event.RolloutMoved moved -> moved(out, moved);
            case Event.WeightsSet set -> weights(out, set);
            case Event.GroupChanged changed -> changed(out, changed);
            case Event.GroupRemoved removed -> textAndTime(out, removed.path(), removed.atMs());
            case Event.AppLeaving leaving ->
                textAndTime(out, leaving.app().path(), leaving.atMs());
            case Event.AppRemoved removed ->
                textAndTime(out, removed.app().path(), removed.atMs());
            case Event.DeploymentStarted started -> DeliveryCodec.write(out, started.deployment());
            case Event.DeploymentAdvanced advanced -> advanced(out, advanced);
            case Event.DeploymentPaused paused -> paused(out, paused);
            case Event.DeploymentEnded ended -> ended(out, ended);
            case Event.HealthStormChanged changed -> storm(out, changed);
            case Event.ReignBegan began -> out.number(began.atMs());
            case Event.AgentSettled settled -> rowAndTime(out, settled.row(), settled.atMs());
            case Event.AgentKept kept -> UpkeepCodec.write(out, kept);
            case Event.AgentStormChanged changed -> UpkeepCodec.write(out, changed);
            case Event.ClusterRestored restored -> RestoreCodec.write(out, restored);
            case Event.AgentCompared came -> RestoreCodec.write(out, came);
            case Event.RestoreConfirmed confirmed -> RestoreCodec.write(out, confirmed);
            case Event.ScalingSet set -> ScalingCodec.write(out, set);
            case Event.ScalingRemoved removed ->
                textAndTime(out, removed.app().path(), removed.atMs());
            case Event.AppScaled scaled -> ScalingCodec.write(out, scaled);
            case Event.InstancesPlaced placed -> placed(out, placed);
            case Event.PlacementDeferred deferred -> deferred(out, deferred);
            case Event.InstancesReported reported -> reported(out, reported);
            case Event.InstancesDecommissioned decommissioned ->
                decommissioned(out, decommissioned);
            case Event.InstancesDeactivated deactivated ->
                numbersAndTime(out, deactivated.instances(), deactivated.atMs());
            case Event.InstancesPromoted promoted ->
                numbersAndTime(out, promoted.instances(), promoted.atMs());
            case Event.InstancesLost lost -> lost(out, lost);
            case Event.BackoffSet set -> {
                out.text(set.app().path());
                out.number(set.delayMs());
                out.number(set.launchAfterMs());
            }
            case Event.FailureNoted noted -> {
                out.text(noted.app().path());
                ModelCodec.write(out, noted.failure());
            }
            case Event.RoleConfigured configured -> RulesCodec.write(out, configured.role());
            case Event.RoleRemoved removed -> out.text(removed.name());
            case Event.AgentMeasured measured -> {
                out.number(measured.row());
                out.number(measured.cpusMilli());
                out.number(measured.memMib());
            }
        }
    }

    private static void moved(FactWriter out, Event.RolloutMoved moved) {
        out.text(moved.app().path());
        DeliveryCodec.write(out, moved.rollout());
    }

    private static void weights(FactWriter out, Event.WeightsSet set) {
        out.text(set.app().path());
        DeliveryCodec.write(out, set.weights());
    }

    private static void changed(FactWriter out, Event.GroupChanged changed) {
        DeliveryCodec.write(out, changed.group());
        out.number(changed.versionMs());
    }

    private static void advanced(FactWriter out, Event.DeploymentAdvanced advanced) {
        out.number(advanced.number());
        out.number(advanced.step());
        out.number(advanced.atMs());
    }

    private static void paused(FactWriter out, Event.DeploymentPaused paused) {
        out.number(paused.number());
        out.flag(paused.paused());
        out.number(paused.atMs());
    }

    private static void ended(FactWriter out, Event.DeploymentEnded ended) {
        out.number(ended.number());
        out.number(ended.outcome().ordinal());
        out.number(ended.atMs());
        out.text(ended.reason());
    }

    private static void storm(FactWriter out, Event.HealthStormChanged changed) {
        out.flag(changed.on());
        out.number(changed.failing());
        out.number(changed.checked());
        out.number(changed.atMs());
    }

    private static void numbersAndTime(FactWriter out, List<Long> instances, long atMs) {
        numbers(out, instances);
        out.number(atMs);
    }

    private static void lost(FactWriter out, Event.InstancesLost lost) {
        numbers(out, lost.instances());
        out.text(lost.message());
        out.number(lost.atMs());
    }

    private static void textAndTime(FactWriter out, String text, long atMs) {
        out.text(text);
        out.number(atMs);
    }

    private static void registered(FactWriter out, Event.AgentRegistered registered) {
        out.number(registered.row());
        ModelCodec.write(out, registered.agent());
        out.number(registered.atMs());
        RulesCodec.writeReservations(out, registered.agent().reservations());
        out.flag(registered.returning());
    }

    private static void deferred(FactWriter out, Event.PlacementDeferred deferred) {
        out.text(deferred.app().path());
        out.number(deferred.missing());
        ModelCodec.write(out, deferred.why());
        out.number(deferred.atMs());
        RulesCodec.writeDetail(out, deferred.why());
    }

    private static void reported(FactWriter out, Event.InstancesReported reported) {
        out.number(reported.row());
        out.number(reported.seq());
        out.number(reported.atMs());
        out.number(reported.statuses().size());
        reported.statuses().forEach(status -> ModelCodec.write(out, status));
        DeliveryCodec.writeDetails(out, reported.statuses());
        CheckCodec.writeAnswers(out, reported.statuses());
    }

    private static void decommissioned(FactWriter out,
            Event.InstancesDecommissioned decommissioned) {
        numbers(out, decommissioned.instances());
        out.number(decommissioned.reason().ordinal());
        out.number(decommissioned.atMs());
    }

    private static Event body(int tag, FactReader in) {
        return switch (tag) {
            case 1 -> new Event.ClusterFounded(in.text(), in.number());
            case 2 -> readRegistered(in);
            case 3 -> new Event.AgentSuspected(in.smallNumber(), in.number());
            case 4 -> new Event.AgentUnreachable(in.smallNumber(), in.number());
            case 5 -> new Event.AgentRemoved(in.smallNumber(), new AgentId(in.text()));
            case 6 -> new Event.AppVersioned(DeliveryCodec.readLast(in));
            case 7 -> new Event.AppLeaving(new AppId(in.text()), in.number());
            case 8 -> new Event.AppRemoved(new AppId(in.text()), in.hasMore() ? in.number() : 0);
            case 9 -> new Event.DeploymentStarted(DeliveryCodec.readLastDeployment(in));
            case 10 -> new Event.DeploymentEnded(in.number(),
                    ModelCodec.pick(Event.DeploymentEnded.Outcome.values(), in), in.number(),
                    in.hasMore() ? in.text() : "");
            case 11 -> readPlaced(in);
            case 12 -> readDeferred(in);
            case 13 -> new Event.InstancesReported(in.smallNumber(), in.number(), in.number(),
                    CheckCodec.readAnswers(in, DeliveryCodec.readDetails(in,
                            ModelCodec.readList(in, ModelCodec::readStatus))));
            case 14 -> new Event.InstancesDecommissioned(readNumbers(in),
                    ModelCodec.pick(Event.Reason.values(), in), in.number());
            case 15 -> new Event.InstancesDeactivated(readNumbers(in), in.number());
            case 16 -> new Event.InstancesLost(readNumbers(in), in.text(), in.number());
            case 17 -> new Event.BackoffSet(new AppId(in.text()), in.number(), in.number());
            case 18 -> new Event.FailureNoted(new AppId(in.text()), ModelCodec.readFailure(in));
            case 19 -> new Event.RoleConfigured(RulesCodec.readRole(in));
            case 20 -> new Event.RoleRemoved(in.text());
            case 21 -> new Event.AgentMeasured(in.smallNumber(), in.number(), in.number());
            case 22 -> new Event.AppPlanned(DeliveryCodec.readAppVersion(in));
            case 23 -> new Event.RolloutMoved(new AppId(in.text()), DeliveryCodec.readRollout(in));
            case 24 -> new Event.WeightsSet(new AppId(in.text()), DeliveryCodec.readWeights(in));
            case 25 -> new Event.GroupChanged(DeliveryCodec.readGroup(in), in.number());
            case 26 -> new Event.GroupRemoved(in.text(), in.number());
            case 27 -> new Event.DeploymentAdvanced(in.number(), in.smallNumber(), in.number());
            case 28 -> new Event.DeploymentPaused(in.number(), in.flag(), in.number());
            case 29 -> new Event.HealthStormChanged(in.flag(), in.smallNumber(), in.smallNumber(),
                    in.number());
            case 30 -> new Event.ReignBegan(in.number());
            case 31 -> new Event.AgentSettled(in.smallNumber(), in.number());
            case 32 -> new Event.AgentKept(in.smallNumber(), UpkeepCodec.readUpkeep(in));
            case 33 -> UpkeepCodec.readStorm(in);
            case 34 -> RestoreCodec.readRestored(in);
            case 35 -> RestoreCodec.readCompared(in);
            case 36 -> RestoreCodec.readConfirmed(in);
            case 37 -> ScalingCodec.readSet(in);
            case 38 -> new Event.ScalingRemoved(new AppId(in.text()), in.number());
            case 39 -> ScalingCodec.readScaled(in);
            case 40 -> new Event.InstancesPromoted(readNumbers(in), in.number());
            default ->
                throw new IllegalArgumentException("a kind of event this version does not know ("
                        + tag + "): it was written by a newer release; run that one");
        };
    }

    private static void rowAndTime(FactWriter out, int row, long atMs) {
        out.number(row);
        out.number(atMs);
    }

    private static void placed(FactWriter out, Event.InstancesPlaced placed) {
        out.text(placed.app().path());
        out.number(placed.versionMs());
        out.number(placed.first());
        out.number(placed.agentRows().length);
        int before = 0;
        for (int row : placed.agentRows()) {
            out.signed(row - before);
            before = row;
        }
        out.number(placed.ports().length);
        for (int port : placed.ports()) {
            out.number(port);
        }
        out.number(placed.atMs());
        out.number(placed.gpus().length);
        for (int mask : placed.gpus()) {
            out.number(mask);
        }
        out.flag(placed.standby());
    }

    private static Event readRegistered(FactReader in) {
        int row = in.smallNumber();
        AgentSpec agent = ModelCodec.readAgent(in);
        long atMs = in.number();
        AgentSpec whole = in.hasMore()
                ? agent.withReservations(RulesCodec.readReservations(in))
                : agent;
        return new Event.AgentRegistered(row, whole, atMs, in.hasMore() && in.flag());
    }

    private static Event readDeferred(FactReader in) {
        AppId app = new AppId(in.text());
        int missing = in.smallNumber();
        Rejections why = ModelCodec.readRejections(in);
        long atMs = in.number();
        return new Event.PlacementDeferred(app, missing,
                in.hasMore() ? RulesCodec.readDetail(in, why) : why, atMs);
    }

    private static Event readPlaced(FactReader in) {
        AppId app = new AppId(in.text());
        long versionMs = in.number();
        long first = in.number();
        int[] rows = new int[in.count()];
        int before = 0;
        for (int i = 0; i < rows.length; i++) {
            before += (int) in.signed();
            rows[i] = before;
        }
        int[] ports = new int[in.count()];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = in.smallNumber();
        }
        long atMs = in.number();
        int[] gpus = new int[in.hasMore() ? in.count() : 0];
        for (int i = 0; i < gpus.length; i++) {
            gpus[i] = in.smallNumber();
        }
        return new Event.InstancesPlaced(app, versionMs, first, rows, ports, gpus, atMs,
                in.hasMore() && in.flag());
    }

    static void numbers(FactWriter out, List<Long> numbers) {
        out.number(numbers.size());
        long before = 0;
        for (long number : numbers) {
            out.signed(number - before);
            before = number;
        }
    }

    static List<Long> readNumbers(FactReader in) {
        int count = in.count();
        List<Long> numbers = new ArrayList<>(count);
        long before = 0;
        for (int i = 0; i < count; i++) {
            before += in.signed();
            numbers.add(before);
        }
        return numbers;
    }
}
