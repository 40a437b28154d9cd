package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide pod remove}. */
@Command(name = "remove", aliases = "rm", description = "Remove a pod and stop all its instances.")
final class PodRemoveCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "POD", description = "The pod.")
    private String pod = "";

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Option(names = "--force", description = "Override a deployment that locks the pod.")
    private boolean force;

    PodRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = appId(pod);
        if (terminal.inIsTerminal() && !yes) {
            long instances = client.pods().status(id)
                    .map(status -> status.get("instances").items().size()).orElse(0);
            Confirmation.ask(terminal, yes,
                    "Remove " + id + " with its " + instances + " instances?");
        }
        return watch.follow(terminal, client, client.pods().remove(id, force), Goal.pod(id),
                id + " is removed");
    }
}
