package io.springtide.master.http;

import io.springtide.core.event.Event;

/** When facts became true, as far as they say so. */
final class FactTimes {

    private FactTimes() {}

    /** Milliseconds since 1970; 0 if the fact does not say, or only what will be. */
    static long ms(Event event) {
        return switch (event) {
            case Event.ClusterFounded founded -> founded.atMs();
            case Event.AgentRegistered registered -> registered.atMs();
            case Event.AgentSuspected suspected -> suspected.atMs();
            case Event.AgentUnreachable silent -> silent.atMs();
            case Event.AppVersioned versioned -> versioned.version().versionMs();
            case Event.AppLeaving leaving -> leaving.atMs();
            case Event.DeploymentStarted started -> started.deployment().versionMs();
            case Event.DeploymentEnded ended -> ended.atMs();
            case Event.InstancesPlaced placed -> placed.atMs();
            case Event.PlacementDeferred deferred -> deferred.atMs();
            case Event.InstancesReported reported -> reported.atMs();
            case Event.InstancesDecommissioned ending -> ending.atMs();
            case Event.InstancesDeactivated idle -> idle.atMs();
            case Event.InstancesLost lost -> lost.atMs();
            case Event.ScalingSet set -> set.atMs();
            case Event.ScalingRemoved removed -> removed.atMs();
            case Event.AppScaled scaled -> scaled.atMs();
            // One more fact without a time does no harm: the time of the one before it stands.
            default -> 0;
        };
    }
}
