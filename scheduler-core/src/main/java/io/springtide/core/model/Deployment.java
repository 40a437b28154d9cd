package io.springtide.core.model;

import java.util.List;

/**
 * A planned move of some apps from one version to another, step after step.
 *
 * @param number never used twice in a cluster
 * @param versionMs when it was accepted
 * @param steps the actions of a step go on side by side; a step begins when the one before it is done
 * @param step the one that is under way, from 0
 * @param paused somebody holds it where it is
 * @param back it undoes another one, and so is never itself undone unasked
 * @param clockMs from when its deadline counts: when it was accepted, or last let go on
 */
public record Deployment(long number, long versionMs, List<List<DeploymentAction>> steps, int step,
        boolean paused, boolean back, long clockMs) {

    public Deployment {
        steps = steps.stream().map(List::copyOf).toList();
    }

    /** One that goes on, and undoes nothing. */
    public Deployment(long number, long versionMs, List<List<DeploymentAction>> steps, int step,
            boolean paused) {
        this(number, versionMs, steps, step, paused, false, versionMs);
    }

    /** One of one step, or of none if there is nothing to do. */
    public Deployment(long number, long versionMs, List<DeploymentAction> actions) {
        this(number, versionMs, actions.isEmpty() ? List.of() : List.of(actions), 0, false);
    }

    /** Of all steps, in order. */
    public List<DeploymentAction> actions() {
        return steps.size() == 1
                ? steps.getFirst()
                : steps.stream().flatMap(List::stream).toList();
    }

    /** Those under way; none if there is nothing to do. */
    public List<DeploymentAction> currentActions() {
        return step < steps.size() ? steps.get(step) : List.of();
    }

    /** The same at another step. */
    public Deployment withStep(int next) {
        return new Deployment(number, versionMs, steps, next, paused, back, clockMs);
    }

    /** The same, held or let go; its deadline counts anew from when it is let go. */
    public Deployment withPaused(boolean held, long atMs) {
        return new Deployment(number, versionMs, steps, step, held, back, held ? clockMs : atMs);
    }
}
