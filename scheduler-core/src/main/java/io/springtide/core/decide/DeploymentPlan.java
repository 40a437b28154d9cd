package io.springtide.core.decide;

import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.DeploymentAction;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What is to become of which apps, put into steps: first those that go, then the others by what they
 * depend on, those that depend on nothing first. Source: Marathon's DeploymentPlan.
 */
final class DeploymentPlan {

    /** A version and the action that brings it about. */
    record Step(AppVersion version, DeploymentAction action) {}

    private final List<DeploymentAction> stops = new ArrayList<>();
    private final TreeMap<Integer, List<Step>> byDepth = new TreeMap<>();
    private final boolean back;

    DeploymentPlan() {
        this(false);
    }

    /** A plan that undoes another one, if it goes back. */
    DeploymentPlan(boolean back) {
        this.back = back;
    }

    /** Whether it undoes another one. */
    boolean back() {
        return back;
    }

    /** The app goes. */
    void stop(DeploymentAction action) {
        stops.add(action);
    }

    /** The app becomes what the step says, once everything less deep is in place. */
    void add(Step step, int depth) {
        byDepth.computeIfAbsent(depth, unused -> new ArrayList<>()).add(step);
    }

    /** The actions, step after step. */
    List<List<DeploymentAction>> steps() {
        List<List<DeploymentAction>> steps = new ArrayList<>();
        if (!stops.isEmpty()) {
            steps.add(List.copyOf(stops));
        }
        byDepth.values().forEach(
                level -> steps.add(level.stream().map(Step::action).toList()));
        return steps;
    }

    /** The facts about the apps: what is in the first step is so at once, the rest is planned. */
    List<Event> changes(long nowMs) {
        List<Event> events = new ArrayList<>();
        for (DeploymentAction stop : stops) {
            events.add(new Event.AppLeaving(stop.app(), nowMs));
        }
        boolean first = stops.isEmpty();
        for (List<Step> level : byDepth.values()) {
            for (Step step : level) {
                events.add(first
                        ? new Event.AppVersioned(step.version())
                        : new Event.AppPlanned(step.version()));
            }
            first = false;
        }
        return events;
    }

    /** The apps it touches. */
    List<AppId> apps() {
        return steps().stream().flatMap(List::stream).map(DeploymentAction::app).toList();
    }

    /** When the newest of its versions is from; {@code nowMs} if it has none. */
    long versionMs(long nowMs) {
        return byDepth.values().stream().flatMap(List::stream)
                .mapToLong(step -> step.version().versionMs()).max().orElse(nowMs);
    }
}
