package io.springtide.cli;

import io.springtide.api.client.Json;

/** Marathon's summary of refused offers in words. */
final class Rejections {
    private Rejections() {}

    /** For example "12 agents: cpus; 3 agents: ports"; empty if none is known. */
    static String counts(Json summary) {
        StringBuilder all = new StringBuilder();
        for (Json entry : summary.get("rejectSummaryLastOffers").items()) {
            long declined = entry.get("declined").asLong();
            if (declined > 0) {
                all.append(all.length() == 0 ? "" : "; ").append(declined)
                        .append(declined == 1 ? " agent: " : " agents: ")
                        .append(word(entry.get("reason").text()));
            }
        }
        return all.toString();
    }

    /** What an agent lacks, for one of Marathon's reasons. */
    static String word(String reason) {
        return switch (reason) {
            case "UnfulfilledRole" -> "role or quota";
            case "UnfulfilledConstraint" -> "constraint";
            case "NoCorrespondingReservationFound" -> "reservation";
            case "AgentMaintenance" -> "silent";
            case "InsufficientCpus" -> "cpus";
            case "InsufficientMemory" -> "memory";
            case "InsufficientDisk" -> "disk";
            case "InsufficientGpus" -> "gpus";
            case "InsufficientPorts" -> "ports";
            case "DeclinedScarceResources" -> "held for an app that has waited longer";
            default -> reason;
        };
    }
}
