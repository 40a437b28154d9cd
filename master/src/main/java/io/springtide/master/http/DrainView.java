package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is left of an app on an agent that is being emptied.
 *
 * @param why it is still there, as a sentence
 */
record DrainView(String app, int instances, int ending, String why) {

    static List<DrainView> of(AgentTable table, int row) {
        Map<AppId, int[]> counts = new TreeMap<>();
        Map<AppId, AppState> apps = new TreeMap<>();
        InstanceList held = table.instances(row);
        for (int i = 0; i < held.size(); i++) {
            Instance one = held.get(i);
            apps.put(one.app().id(), one.app());
            int[] count = counts.computeIfAbsent(one.app().id(), unused -> new int[2]);
            count[0]++;
            count[1] += one.goal() == Goal.DECOMMISSIONED ? 1 : 0;
        }
        List<DrainView> all = new ArrayList<>();
        apps.forEach((id, app) -> {
            int[] count = counts.getOrDefault(id, new int[2]);
            all.add(new DrainView(id.path(), count[0], count[1], why(app, count)));
        });
        return all;
    }

    private static String why(AppState app, int[] count) {
        if (count[1] == count[0]) {
            return "is ending";
        }
        if (app.deployment() != 0 && mixed(app)) {
            return "waits for a deployment of the app to be over";
        }
        if (app.missing() > 0) {
            StringBuilder text = new StringBuilder("no other agent can take it:");
            for (Rejection rejection : Rejection.values()) {
                int vetoes = app.rejections().count(rejection);
                if (vetoes > 0) {
                    text.append(text.charAt(text.length() - 1) == ':' ? " " : ", ").append(vetoes)
                            .append(' ').append(rejection.text());
                }
            }
            return text.toString();
        }
        return "ends when another one is healthy elsewhere";
    }

    /** Instances of an older configuration are there too. */
    private static boolean mixed(AppState app) {
        for (int i = 0; i < app.instances().size(); i++) {
            if (app.instances().get(i).version().configuredMs() != app.current().configuredMs()) {
                return true;
            }
        }
        return false;
    }

    static String word(Upkeep.Mode mode) {
        return switch (mode) {
            case OPEN -> "open";
            case CORDONED -> "cordoned";
            case DRAINING -> "draining";
        };
    }

    static void put(ObjectNode node, Upkeep upkeep, int left, List<DrainView> apps) {
        node.put("done", left == 0).put("left", left);
        if (upkeep.deadlineMs() != 0) {
            node.put("deadline", Timestamps.format(upkeep.deadlineMs()));
        }
        ArrayNode list = node.putArray("apps");
        apps.forEach(one -> list.addObject().put("id", one.app()).put("instances", one.instances())
                .put("ending", one.ending()).put("why", one.why()));
    }
}
