package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that say of agents how they are to be used. */
abstract class AgentKeepCommand extends ApiCommand {

    AgentKeepCommand(Terminal terminal) {
        super(terminal);
    }

    /** {@code tide agent cordon}. */
    @Command(name = "cordon", description = "Place nothing new on agents; what is there stays.")
    static final class Cordon extends AgentKeepCommand {
        @Parameters(arity = "1..*", paramLabel = "AGENT", description = "Ids of agents.")
        private List<String> ids = List.of();

        Cordon(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            for (String id : ids) {
                client.post(AgentShowCommand.path(id) + "/cordon", Json.nothing());
                terminal.say("Agent " + id + " gets nothing new. Undo: tide agent uncordon " + id);
            }
            return Exit.OK;
        }
    }

    /** {@code tide agent uncordon}. */
    @Command(name = "uncordon", description = "Use agents as any others; ends a drain, too.")
    static final class Uncordon extends AgentKeepCommand {
        @Parameters(arity = "1..*", paramLabel = "AGENT", description = "Ids of agents.")
        private List<String> ids = List.of();

        Uncordon(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            for (String id : ids) {
                client.post(AgentShowCommand.path(id) + "/uncordon", Json.nothing());
                terminal.say("Agent " + id + " is open.");
            }
            return Exit.OK;
        }
    }

    /** {@code tide agent forget}. */
    @Command(name = "forget", //
            description = "Give up an unreachable agent for good, with all it ran.")
    static final class Forget extends AgentKeepCommand {
        @Parameters(paramLabel = "AGENT", description = "The agent's id.")
        private String id = "";

        @Option(names = {"-y", "--yes"}, description = "Do not ask.")
        private boolean yes;

        Forget(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            Confirmation.ask(terminal, yes, "Give up agent " + id + " and all it ran?");
            client.delete(AgentShowCommand.path(id));
            terminal.say("Agent " + id + " is forgotten.");
            return Exit.OK;
        }
    }

    /** {@code tide agent drain}. */
    @Command(name = "drain", //
            description = "Move what runs on agents elsewhere: new ones start first, old ones end"
                    + " when these are healthy.", //
            footer = {"", "Example:", "  tide agent drain agent-1 --deadline 600"})
    static final class Drain extends AgentKeepCommand {

        /** More of the agents than one in so many at once needs to be said twice. */
        private static final int PART = 10;

        @Parameters(arity = "1..*", paramLabel = "AGENT", description = "Ids of agents.")
        private List<String> ids = List.of();

        @Option(names = "--deadline", //
                defaultValue = "0", //
                paramLabel = "SECONDS", //
                description = "After this what is left ends, replaced or not (default: never).")
        private int deadline;

        @Option(names = "--force", //
                description = "Even if the other agents have no room; what finds none stays.")
        private boolean force;

        @Option(names = "--yes-i-mean", //
                defaultValue = "0", //
                paramLabel = "N", //
                description = "That so many agents, more than a tenth, are to be drained at once.")
        private int meant;

        Drain(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            TreeSet<String> draining = new TreeSet<>(ids);
            List<Json> agents = client.get("/tide/v1/agents").body().get("agents").items();
            for (Json agent : agents) {
                if (agent.get("mode").text().equals("draining")
                        && agent.get("drain").get("left").asLong() > 0) {
                    draining.add(agent.get("id").text());
                }
            }
            if (draining.size() > 1 && draining.size() * PART > agents.size()
                    && meant != draining.size()) {
                throw new CliException(Exit.USAGE,
                        "With these, " + draining.size() + " of " + agents.size()
                                + " agents would be draining at once.",
                        "Drain fewer at a time; or, if that is what you want: --yes-i-mean "
                                + draining.size());
            }
            Json body = deadline == 0
                    ? Json.nothing()
                    : new JsonObject().with("deadlineSeconds", Json.number("" + deadline)).build();
            for (String id : ids) {
                Json agent = client.post(AgentShowCommand.path(id) + "/drain"
                        + (force ? "?force=true" : ""), body).body();
                terminal.say("Agent " + id + " is being drained; "
                        + agent.get("drain").get("left").text()
                        + " instances are left. Progress: tide agent show " + id);
                AgentShowCommand.progress(agent).forEach(line -> terminal.say("  " + line));
            }
            return Exit.OK;
        }
    }
}
