package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.state.Restoration;
import io.springtide.core.state.Silence;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.scaling.Standing;
import io.springtide.master.traffic.TrafficPort;
import java.util.List;
import java.util.Optional;

/** What is alarming about agents, machines, traffic, and what autoscaling measures. */
final class Alarms {

    /** Their sentences are long; each is also with its app. */
    private static final int APPS_NAMED_MAX = 5;

    /** More alarms of one kind than that hide the others. */
    private static final int EMPTY_MAX = 20;

    private Alarms() {}

    static void add(ArrayNode alarms, Exchange x) {
        x.backend().view().read(state -> {
            storm(alarms, state.silence());
            restored(alarms, state.restoration());
            return alarms;
        });
        metrics(alarms, x.backend().scaling().alarming());
        unfetched(alarms, x.backend().scaling().unfetched());
        Optional<AgentsPort.Foreign> foreign = x.backend().agents().foreign();
        x.backend().traffic().get().ifPresent(port -> traffic(alarms, port.trouble()));
        x.backend().nodes().pools().stream().filter(NodesPort.PoolPicture::alarmed)
                .forEach(pool -> alarms.addObject().put("name", "nodes-refused")
                        .put("since", Timestamps.format(pool.troubledSinceMs()))
                        .put("message", "Pool " + pool.name() + " of machines: "
                                + pool.trouble().orElse("") + ". It is tried again by itself, at"
                                + " the latest after five minutes. See: tide nodes"));
        foreign.ifPresent(one -> alarms.addObject().put("name", "foreign-agents")
                .put("since", Timestamps.format(one.sinceMs()))
                .put("message", sentence(one, x.backend().clusterId())));
    }

    private static void metrics(ArrayNode alarms, List<Standing> ill) {
        if (ill.isEmpty()) {
            return;
        }
        long sinceMs = ill.stream().mapToLong(Standing::troubledSinceMs).min().orElse(0);
        int frozen = (int) ill.stream().filter(one -> one.verdict().frozen()).count();
        StringBuilder message = new StringBuilder("Autoscaling of ")
                .append(Funnel.number(ill.size())).append(ill.size() == 1 ? " app" : " apps")
                .append(" does not get what it needs to know. ");
        if (frozen > 0) {
            message.append(frozen < ill.size()
                    ? Funnel.number(frozen) + " of them"
                    : frozen == 1 ? "It" : "They").append(frozen == 1 ? " does" : " do")
                    .append(" not shrink until it is there again; schedules that can be read still"
                            + " count.");
        } else {
            message.append("Everything else still counts.");
        }
        ill.stream().limit(APPS_NAMED_MAX).forEach(one -> message.append(' ').append(one.app())
                .append(": ").append(one.trouble().orElse("")).append('.'));
        if (ill.size() > APPS_NAMED_MAX) {
            message.append(" And ").append(Funnel.number(ill.size() - APPS_NAMED_MAX))
                    .append(" more.");
        }
        alarms.addObject().put("name", "metrics-missing")
                .put("since", Timestamps.format(sinceMs)).put("message", message.toString());
    }

    private static void unfetched(ArrayNode alarms, List<Progress> failed) {
        if (failed.isEmpty()) {
            return;
        }
        StringBuilder message = new StringBuilder(
                "Agents could not fetch what schedules will need. They try again every one or two"
                        + " minutes; where they do not succeed instances fetch it when they start,"
                        + " which takes longer, or fails, too. Look at the registry or the server"
                        + " of the artifacts.");
        failed.stream().limit(APPS_NAMED_MAX)
                .forEach(one -> message.append(' ').append(one.sentence()).append('.'));
        if (failed.size() > APPS_NAMED_MAX) {
            message.append(" And ").append(Funnel.number(failed.size() - APPS_NAMED_MAX))
                    .append(" more apps.");
        }
        alarms.addObject().put("name", "prefetch-failed")
                .put("since", Timestamps.format(failed.stream()
                        .mapToLong(Progress::failedSinceMs).min().orElse(0)))
                .put("message", message.toString());
    }

    private static void traffic(ArrayNode alarms, TrafficPort.Trouble trouble) {
        trouble.empty().stream().limit(EMPTY_MAX)
                .forEach(one -> alarms.addObject().put("name", "traffic-empty")
                        .put("since", Timestamps.format(one.sinceMs()))
                        .put("message", sentence(one)));
        if (trouble.empty().size() > EMPTY_MAX) {
            alarms.addObject().put("name", "traffic-empty")
                    .put("since", Timestamps.format(trouble.empty().getLast().sinceMs()))
                    .put("message", "The same holds for "
                            + Funnel.number(trouble.empty().size() - EMPTY_MAX)
                            + " more apps. See: tide traffic");
        }
        trouble.drivers().forEach(one -> alarms.addObject().put("name", "traffic-driver")
                .put("since", Timestamps.format(one.sinceMs())).put("message",
                        "The load balancers of driver " + one.name()
                                + " do not follow: " + one.trouble()));
    }

    private static String sentence(TrafficPort.Empty one) {
        String kept = one.kept() == 1
                ? "the last one, which was"
                : "the last " + Funnel.number(one.kept()) + ", which were";
        return "No instance of " + one.app() + " serves, though some should: "
                + (one.kept() > 0
                        ? "traffic still goes to " + kept + " in service before."
                        : "its requests wait or are refused.")
                + " Look at its health checks and at what they depend on: tide why " + one.app()
                + ". It ends when one serves again; if it is meant to be empty, say so: tide"
                + " traffic release " + one.app();
    }

    private static void storm(ArrayNode alarms, Silence silence) {
        if (silence.stormMs() != 0) {
            alarms.addObject().put("name", "agent-storm")
                    .put("since", Timestamps.format(silence.stormMs()))
                    .put("message", Funnel.number(silence.stormSilent()) + " of "
                            + Funnel.number(silence.stormAgents())
                            + " agents fell silent at once. So many hardly died together, so only a"
                            + " few of them a minute are given up and replaced: look at the"
                            + " network. It ends by itself when they return; if they are really"
                            + " gone, say so: tide storm --release");
        }
    }

    private static void restored(ArrayNode alarms, Restoration restoration) {
        if (restoration.held()) {
            alarms.addObject().put("name", "restored")
                    .put("since", Timestamps.format(restoration.heldMs()))
                    .put("message", "This cluster was restored from a backup of "
                            + Timestamps.format(restoration.backupMs())
                            + " and changes nothing yet. Agents that have come hold "
                            + Funnel.number(RestoreRoutes.unknown(restoration))
                            + " instances that the backup does not know, and lack "
                            + Funnel.number(RestoreRoutes.missing(restoration))
                            + " of those that it knows. See: tide restore --status; go on with:"
                            + " tide restore --confirm. It goes on by itself once all agents have"
                            + " exactly what the backup says.");
        }
    }

    private static String sentence(AgentsPort.Foreign foreign, String clusterId) {
        return Funnel.number(foreign.agents()) + (foreign.agents() == 1 ? " agent" : " agents")
                + " of cluster " + foreign.cluster() + ", with "
                + Funnel.number(foreign.instances())
                + " instances, came to this master, which leads cluster " + clusterId
                + ". They are refused and nothing is killed. If this cluster's store was lost or"
                + " replaced, stop the masters and restore a backup of the old one; if these agents"
                + " are to belong here, end what they run and give them empty data folders. Last"
                + " was " + foreign.agent() + ".";
    }
}
