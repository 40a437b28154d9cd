package io.springtide.master.http;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The steps of a deployment in Marathon's shape: what stops, then everything new started with no instance,
 * then, by what depends on what, what is scaled or restarted. The second is for the shape only: here a new
 * app starts with the step that scales it.
 *
 * @param all none of them empty
 * @param current the one under way, from 0
 */
record DeploymentSteps(List<List<DeploymentSteps.Action>> all, int current) {

    /**
     * An action as clients know it.
     *
     * @param name such as {@code ScaleApplication}
     */
    record Action(String name, AppId run, boolean pod) {}

    /** Those of a deployment. */
    static DeploymentSteps of(Deployment deployment, Predicate<AppId> pods) {
        return of(deployment.steps(), deployment.step(), pods);
    }

    /**
     * Those of a plan.
     *
     * @param step the one under way, from 0
     * @param pods whether something is a pod; else it is an app
     */
    static DeploymentSteps of(List<List<DeploymentAction>> plan, int step,
            Predicate<AppId> pods) {
        List<Action> stops = new ArrayList<>();
        List<Action> starts = new ArrayList<>();
        List<List<Action>> moves = new ArrayList<>();
        for (List<DeploymentAction> actions : plan) {
            List<Action> move = new ArrayList<>();
            for (DeploymentAction action : actions) {
                boolean pod = pods.test(action.app());
                switch (action.kind()) {
                    case STOP -> stops.add(named(action.kind(), action.app(), pod));
                    case START -> {
                        starts.add(named(action.kind(), action.app(), pod));
                        move.add(named(DeploymentAction.Kind.SCALE, action.app(), pod));
                    }
                    case SCALE, RESTART -> move.add(named(action.kind(), action.app(), pod));
                }
            }
            moves.add(move);
        }
        List<List<Action>> all = new ArrayList<>();
        int current = 0;
        add(stops, all);
        add(starts, all);
        for (int i = 0; i < moves.size(); i++) {
            if (add(moves.get(i), all) && i == step) {
                current = all.size() - 1;
            }
        }
        return new DeploymentSteps(List.copyOf(all), current);
    }

    private static Action named(DeploymentAction.Kind kind, AppId run, boolean pod) {
        return new Action(verb(kind) + (pod ? "Pod" : "Application"), run, pod);
    }

    /** What the name of such an action begins with. */
    static String verb(DeploymentAction.Kind kind) {
        return switch (kind) {
            case START -> "Start";
            case SCALE -> "Scale";
            case RESTART -> "Restart";
            case STOP -> "Stop";
        };
    }

    private static boolean add(List<Action> step, List<List<Action>> all) {
        return !step.isEmpty() && all.add(List.copyOf(step));
    }

    /** The one under way; empty if there is nothing to do. */
    List<Action> currentActions() {
        return all.isEmpty() ? List.of() : all.get(current);
    }
}
