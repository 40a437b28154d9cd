package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Deployments;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** Which deployment a command is about: named by its id, or by an app or pod that it changes. */
final class DeploymentChoice {
    @Parameters(index = "0", paramLabel = "ID|APP", //
            description = "The deployment's id, or /an/app that it changes.")
    private String named = "";

    /** What was typed. */
    String named() {
        return named;
    }

    /** The deployment, if it is under way. @throws CliException if several are */
    Optional<Deployment> find(Deployments deployments) {
        if (!named.startsWith("/")) {
            return deployments.find(named);
        }
        String id = ApiCommand.appId(named);
        List<Deployment> found = deployments.list().stream()
                .filter(one -> one.apps().contains(id) || one.pods().contains(id)).toList();
        if (found.size() > 1) {
            throw new CliException(Exit.USAGE, "Several deployments change " + id + ": "
                    + String.join(", ", found.stream().map(Deployment::id).toList()) + ".",
                    "Name one of them by its id.");
        }
        return found.stream().findFirst();
    }

    /** The deployment. @throws CliException if it is not under way */
    Deployment require(Deployments deployments) {
        return find(deployments).orElseThrow(() -> new CliException(Exit.NOT_FOUND,
                named.startsWith("/")
                        ? "No deployment changes " + named + "."
                        : "Deployment " + named + " is not under way.",
                "See those that are: tide deployments"));
    }
}
