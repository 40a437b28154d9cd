package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide pod run}. */
@Command(name = "run", description = "Run a pod from a file with its definition.")
final class PodRunCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "FILE", //
            description = "A pod in Marathon's format; - for standard input.")
    private String file = "";

    @Option(names = "--replace", description = "Change the pod if it exists already.")
    private boolean replace;

    @Option(names = "--force", description = "Override a deployment that locks the pod.")
    private boolean force;

    PodRunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        Json pod = Input.json(terminal, file);
        if (pod.get("id").text().isEmpty() || pod.get("containers").items().isEmpty()) {
            throw new CliException(Exit.INVALID, Input.name(file)
                    + " is no pod: it needs an \"id\" and a list of \"containers\".", "");
        }
        String id = appId(pod.get("id").text());
        return watch.follow(terminal, client, send(client, id, pod), Goal.pod(id), id + " runs");
    }

    private Reply send(TideClient client, String id, Json pod) {
        if (replace && client.pods().find(id).isPresent()) {
            return client.pods().replace(id, pod, force);
        }
        try {
            return client.pods().create(pod, force);
        } catch (TideException.Refused refused) {
            if (refused.status() == 409 && refused.deployments().isEmpty()) {
                throw new CliException(Exit.CONFLICT, String.valueOf(refused.getMessage()),
                        "To change it, repeat the command with --replace. To see it: tide pod show "
                                + id,
                        refused);
            }
            throw refused;
        }
    }
}
