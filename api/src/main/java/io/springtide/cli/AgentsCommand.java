package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide agents}: the machines. */
@Command(name = "agents", //
        description = "List agents: where they are, what they have and what is used.")
final class AgentsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    AgentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> agents = client.get("/tide/v1/agents").body().get("agents").items();
        boolean wide = output.format() == Output.Format.wide;
        List<String> titles = new ArrayList<>(
                List.of("AGENT", "STATE", "SITE", "RACK", "HOST", ">TASKS", ">CPUS", ">MEM",
                        ">HEARD"));
        if (wide) {
            titles.addAll(List.of("REGION", ">DISK", ">GPUS", "RUNTIMES", "VERSION", "ATTRIBUTES",
                    "RESERVED"));
        }
        Table table = new Table(titles);
        List<String> names = new ArrayList<>(agents.size());
        for (Json agent : agents) {
            names.add(agent.get("id").text());
            List<String> cells = new ArrayList<>(
                    List.of(agent.get("id").text(), state(agent),
                            agent.get("site").text(), agent.get("rack").text(),
                            agent.get("hostname").text(),
                            agent.get("tasks").text(), share(agent, "cpus"), share(agent, "mem"),
                            heard(agent)));
            if (wide) {
                cells.addAll(List.of(agent.get("region").text(), share(agent, "disk"),
                        share(agent, "gpus"),
                        joined(agent.get("runtimes").items()), agent.get("version").text(),
                        attributes(agent), reserved(agent)));
            }
            table.row(cells);
        }
        output.print(terminal, agents, names, table,
                "No agents have registered. A local cluster with four of them: tide up");
        return Exit.OK;
    }

    private static String state(Json agent) {
        StringBuilder over = new StringBuilder();
        agent.get("overcommitted").fields().forEach((name, amount) -> {
            if (amount.asDouble() > 0) {
                over.append(over.length() == 0 ? ", over by " : ",").append(name).append('=')
                        .append(Moments.amount(amount.asDouble()));
            }
        });
        String mode = agent.get("mode").text();
        return agent.get("state").text()
                + (mode.isEmpty() || mode.equals("open") ? "" : ", " + mode) + over
                + restored(agent.get("restore"));
    }

    /** What it has brought to a cluster that was restored and waits. */
    private static String restored(Json brought) {
        return brought.isMissing()
                ? ""
                : ", waits (" + brought.get("unknown").asLong() + " unknown, "
                        + brought.get("missing").asLong() + " missing)";
    }

    private static String heard(Json agent) {
        Json ago = agent.get("lastHeardMsAgo");
        return ago.isMissing() ? "" : Moments.span(ago.asLong() / 1000);
    }

    private static String share(Json agent, String resource) {
        return Moments.amount(agent.get("used").get(resource).asDouble()) + "/"
                + Moments.amount(agent.get("resources").get(resource).asDouble());
    }

    private static String joined(List<Json> items) {
        StringBuilder all = new StringBuilder();
        for (Json item : items) {
            all.append(all.length() == 0 ? "" : ",").append(item.text());
        }
        return all.toString();
    }

    private static String reserved(Json agent) {
        StringBuilder all = new StringBuilder();
        agent.get("reservations").fields().forEach((role, amounts) -> {
            all.append(all.length() == 0 ? "" : " ").append(role).append(':');
            int start = all.length();
            amounts.fields().forEach((name, amount) -> {
                if (amount.asDouble() > 0) {
                    all.append(all.length() == start ? "" : ",").append(name).append('=')
                            .append(Moments.amount(amount.asDouble()));
                }
            });
        });
        return all.toString();
    }

    private static String attributes(Json agent) {
        StringBuilder all = new StringBuilder();
        agent.get("attributes").fields()
                .forEach((name, value) -> all.append(all.length() == 0 ? "" : ",")
                        .append(name).append('=').append(value.text()));
        return all.toString();
    }
}
