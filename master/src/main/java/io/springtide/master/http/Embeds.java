package io.springtide.master.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a client wants to see inside of apps. Unknown values are ignored, prefixes do not matter. */
record Embeds(boolean tasks, boolean counts, boolean deployments, boolean readiness,
        boolean lastTaskFailure, boolean taskStats, boolean placement,
        boolean rollout, boolean onPartition) {

    private static final List<String> PREFIXES = List.of("group.apps.", "apps.", "app.");

    /** What one app is shown with, whatever was asked for besides. */
    Embeds single() {
        return new Embeds(true, true, true, readiness, true, taskStats, placement,
                rollout, onPartition);
    }

    /** What lists always show. */
    Embeds list() {
        return new Embeds(tasks, true, true, readiness, lastTaskFailure, taskStats, placement,
                rollout, onPartition);
    }

    /** For answers that show nothing inside of apps. */
    static final Embeds NONE = new Embeds(false, false, false, false, false, false, false,
            false, false);

    /** Nothing but counts and deployments. */
    Embeds created() {
        return new Embeds(false, true, true, false, false, false, placement, rollout,
                onPartition);
    }

    /** By hand: it is part of the key of each piece of a list. */
    @Override
    public int hashCode() {
        return (tasks ? 1 : 0) | (counts ? 2 : 0) | (deployments ? 4 : 0) | (readiness ? 8 : 0)
                | (lastTaskFailure ? 16 : 0) | (taskStats ? 32 : 0) | (placement ? 64 : 0)
                | (rollout ? 128 : 0);
    }

    static Embeds of(Query query) {
        Set<String> names = new HashSet<>();
        for (String value : query.all("embed")) {
            String name = value;
            for (String prefix : PREFIXES) {
                if (name.startsWith(prefix)) {
                    name = name.substring(prefix.length());
                    break;
                }
            }
            names.add(name);
        }
        boolean failures = names.contains("failures");
        boolean tasks = names.contains("tasks") || failures;
        return new Embeds(tasks, names.contains("counts"),
                names.contains("deployments") || tasks, names.contains("readiness"),
                names.contains("lastTaskFailure") || failures, names.contains("taskStats"),
                names.contains("placement"), names.contains("rollout"),
                names.contains("onPartition"));
    }

    /** Whether what is shown stays the same as long as the app does; ages in the statistics do not. */
    boolean timeless() {
        return !taskStats;
    }

    /** Whether the tasks have to be read. */
    boolean needTasks() {
        return tasks || taskStats || readiness;
    }
}
