package io.springtide.core.model;

import java.util.List;

/**
 * A planned move of some apps from one version to another.
 *
 * @param number never used twice in a cluster
 * @param versionMs when it was accepted
 */
public record Deployment(long number, long versionMs, List<DeploymentAction> actions) {

    public Deployment {
        actions = List.copyOf(actions);
    }
}
