package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide plan}. */
@Command(name = "plan", //
        description = "Show what a file would change, app by app and field by field; change nothing.", //
        footer = {
                "",
                "The file holds an app, a list of apps, a group or a pod in JSON, or a Compose file in",
                "YAML. The master is asked what each app would become, as if 'tide app run --replace'",
                "or 'tide group apply' had sent it. Ends with 11 if one would not fit.",
                "Examples:",
                "  tide plan shop.json",
                "  tide plan docker-compose.yml"})
final class PlanCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ComposeOptions compose = new ComposeOptions();

    @Parameters(paramLabel = "FILE", description = "The file; - for standard input.")
    private String file = "";

    PlanCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        byte[] bytes = Input.bytes(terminal, file);
        String text = Input.text(file, bytes).strip();
        Plan plan = isJson(text)
                ? ofJson(client, Input.json(file, bytes))
                : Plan.ofGroup(client, compose.convert(terminal, file, text).group());
        if (output.tabular()) {
            plan.print(terminal);
        } else {
            output.printOne(terminal, plan.json(), file, List.of());
        }
        return plan.exit();
    }

    /** JSON is YAML too, but a JSON file of ours is no Compose file. */
    private boolean isJson(String text) {
        String name = file.toLowerCase(Locale.ROOT);
        return !name.endsWith(".yml") && !name.endsWith(".yaml")
                && (text.isEmpty() || text.startsWith("{") || text.startsWith("["));
    }

    private Plan ofJson(TideClient client, Json document) {
        if (document instanceof Json.Arr) {
            List<Json> apps = new ArrayList<>(document.items());
            apps.forEach(this::requireId);
            return Plan.ofApps(client, apps);
        }
        requireId(document);
        if (!document.get("containers").isMissing()) {
            return Plan.ofPod(client, document);
        }
        boolean group = List.of("apps", "groups", "scaleBy").stream()
                .anyMatch(key -> !document.get(key).isMissing());
        return group
                ? Plan.ofGroup(client, document)
                : Plan.ofApps(client, List.of(document));
    }

    private void requireId(Json thing) {
        if (thing.get("id").text().isEmpty()) {
            throw new CliException(Exit.INVALID, Input.name(file)
                    + " is no app and no group: each needs to be an object with an \"id\".", "");
        }
    }
}
