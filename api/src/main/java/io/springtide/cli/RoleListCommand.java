package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide role list}. */
@Command(name = "list", //
        description = "List roles: their quota, what they hold, and their dominant share.")
final class RoleListCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    RoleListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> roles = client.get("/tide/v1/roles").body().get("roles").items();
        Table table = new Table("ROLE", ">WEIGHT", ">INSTANCES", ">SHARE", "USED", "GUARANTEE",
                "LIMIT");
        List<String> names = new ArrayList<>(roles.size());
        for (Json role : roles) {
            names.add(role.get("name").text());
            table.row(role.get("name").text(), role.get("weight").text(),
                    role.get("instances").text(), share(role), amounts(role.get("used")),
                    amounts(role.get("guarantee")), amounts(role.get("limit")));
        }
        output.print(terminal, roles, names, table,
                "No role is configured, and no app runs. To give one a quota: tide role set");
        return Exit.OK;
    }

    private static String share(Json role) {
        String of = role.get("dominantResource").text();
        long percent = Math.round(role.get("dominantShare").asDouble() * 100);
        return percent + "%" + (of.isEmpty() ? "" : " " + of);
    }

    /** What is not nothing; a limit of 0 is something, but then nobody shows it without the others. */
    private static String amounts(Json amounts) {
        StringBuilder all = new StringBuilder();
        amounts.fields().forEach((name, amount) -> {
            if (amount.asDouble() > 0) {
                all.append(all.length() == 0 ? "" : ",").append(name).append('=')
                        .append(Moments.amount(amount.asDouble()));
            }
        });
        return all.length() == 0 && !amounts.fields().isEmpty() ? "none" : all.toString();
    }
}
