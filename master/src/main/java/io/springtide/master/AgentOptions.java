package io.springtide.master;

import io.springtide.master.config.AgentTimes;
import io.springtide.master.config.Span;
import picocli.CommandLine.Option;

/** What an operator may say about silent agents. */
@SuppressWarnings("NullAway.Init") // picocli fills it in
final class AgentOptions {

    @Option(names = "--agent-suspect-after", defaultValue = "2s", paramLabel = "TIME",
            description = "Nothing new is placed on an agent that is silent for so long (default: ${DEFAULT-VALUE}).")
    private String suspectAfter;

    @Option(names = "--agent-unreachable-after", defaultValue = "4s", paramLabel = "TIME",
            description = "From an agent's last word to the replacement of its instances (default: ${DEFAULT-VALUE}).")
    private String unreachableAfter;

    @Option(names = "--agent-lost-after", defaultValue = "24h", paramLabel = "TIME",
            description = "An unreachable agent without instances is forgotten after this (default: ${DEFAULT-VALUE}).")
    private String lostAfter;

    @Option(names = "--agent-grace", defaultValue = "5s", paramLabel = "TIME",
            description = "Agents get so long to come to a new leader before they count as silent"
                    + " (default: ${DEFAULT-VALUE}).")
    private String grace;

    @Option(names = "--reconcile-every", defaultValue = "60s", paramLabel = "TIME",
            description = "How often what an agent holds is compared with what it should"
                    + " (default: ${DEFAULT-VALUE}).")
    private String reconcileEvery;

    @Option(names = "--agent-storm-percent", defaultValue = "30", paramLabel = "N",
            description = "When more of the agents are silent at once, hardly any is given up"
                    + " (default: ${DEFAULT-VALUE}).")
    private int stormPercent;

    @Option(names = "--agent-storm-min", defaultValue = "3", paramLabel = "N",
            description = "No more silent agents than this are never too many (default: ${DEFAULT-VALUE}).")
    private int stormMin;

    @Option(names = "--agent-storm-rate", defaultValue = "10", paramLabel = "N",
            description = "So many percent of the agents are given up in a minute then (default: ${DEFAULT-VALUE}).")
    private int stormRate;

    AgentTimes times() {
        return new AgentTimes(Span.parse(suspectAfter), Span.parse(unreachableAfter),
                Span.parse(lostAfter), Span.parse(grace), Span.parse(reconcileEvery), stormPercent,
                stormMin, stormRate);
    }
}
