package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.MarathonError.Problem;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Ends instances of a pod, which are then replaced. */
final class PodKill {

    private static final String NO_INSTANCE_ID = "must fully match regular expression"
            + " '^(.+)\\.(instance-|marathon-)([^\\.]+)$'";

    private PodKill() {}

    /** Those that the body names, {@code ["id", ...]}; unknown ones are passed over. */
    static void some(Exchange x, AppId pod) {
        Set<String> ids = ids(JsonInput.parse(x.body()));
        List<PodInstanceView> found = find(x, pod, ids);
        kill(x, found, () -> {
            ArrayNode all = Json.object().arrayNode();
            found.forEach(one -> all.add(json(x, one)));
            x.json(200, all);
        });
    }

    /** One; 404 if it is not there. */
    static void one(Exchange x, AppId pod, String instanceId) {
        if (!isInstanceId(instanceId)) {
            throw Errors.notValid("/", NO_INSTANCE_ID);
        }
        List<PodInstanceView> found = find(x, pod, Set.of(instanceId));
        if (found.isEmpty()) {
            throw Errors.taskUnknown(instanceId);
        }
        kill(x, found, () -> x.json(200, json(x, found.getFirst())));
    }

    private static void kill(Exchange x, List<PodInstanceView> instances, Runnable answered) {
        x.submit(new Command.KillInstances(
                instances.stream().map(one -> one.task().number()).toList(), false, x.force()),
                answer -> answered.run());
    }

    private static Set<String> ids(JsonNode body) {
        if (!body.isArray()) {
            throw unreadable(List.of(new Problem("/", List.of("error.expected.jsarray"))));
        }
        Set<String> ids = new LinkedHashSet<>();
        List<Problem> unreadable = new ArrayList<>();
        List<Problem> wrong = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            JsonNode id = body.get(i);
            if (!id.isTextual()) {
                unreadable.add(new Problem("/(" + i + ")", List.of("error.expected.jsstring")));
            } else if (!isInstanceId(id.textValue())) {
                wrong.add(new Problem("/(" + i + ")", List.of(NO_INSTANCE_ID)));
            } else {
                ids.add(id.textValue());
            }
        }
        if (!unreadable.isEmpty()) {
            throw unreadable(unreadable);
        }
        if (!wrong.isEmpty()) {
            throw new RequestRefused(new MarathonError(422, "Object is not valid",
                    new MarathonError.Details.Problems(wrong)));
        }
        return ids;
    }

    private static RequestRefused unreadable(List<Problem> problems) {
        return new RequestRefused(new MarathonError(422, "Invalid JSON",
                new MarathonError.Details.Problems(problems)));
    }

    /** Marathon's pattern, as the complaint says it. */
    private static boolean isInstanceId(String text) {
        int dot = text.lastIndexOf('.');
        String last = text.substring(dot + 1);
        return dot > 0 && (isLonger(last, "instance-") || isLonger(last, "marathon-"));
    }

    private static boolean isLonger(String text, String beginning) {
        return text.startsWith(beginning) && text.length() > beginning.length();
    }

    private static List<PodInstanceView> find(Exchange x, AppId pod, Set<String> ids) {
        return x.backend().view().read(state -> {
            if (state.app(pod).filter(PodJson::isPod).isEmpty()) {
                throw Errors.podUnknown(pod.path());
            }
            return ids.stream().flatMap(id -> find(state, pod, id).stream()).toList();
        });
    }

    /** The id must be right in full; a number alone would let ids of other pods and clusters pass. */
    private static Optional<PodInstanceView> find(ClusterState state, AppId pod, String id) {
        String prefix = TaskIds.prefix(pod.path(), state.clusterId());
        OptionalLong number = TaskIds.instanceNumber(id);
        return number.isEmpty() || !id.equals(TaskIds.instanceId(prefix, number.getAsLong()))
                ? Optional.empty()
                : state.instance(number.getAsLong())
                        .filter(instance -> instance.app().id().equals(pod)
                                && PodJson.isPod(instance.version()))
                        .map(instance -> PodInstanceView.of(state, instance));
    }

    /** An instance as Marathon shows it here, and nowhere else. */
    private static ObjectNode json(Exchange x, PodInstanceView instance) {
        TaskView task = instance.task();
        ObjectNode node = Json.object().put("instanceId", TaskIds.instanceId(
                TaskIds.prefix(task.appPath(), x.backend().clusterId()), task.number()));
        ObjectNode agent = node.putObject("agentInfo").put("host", task.agent().hostname())
                .put("agentId", task.agent().id().name());
        if (!task.agent().region().isEmpty()) {
            agent.put("region", task.agent().region());
        }
        if (!task.agent().site().isEmpty()) {
            agent.put("zone", task.agent().site());
        }
        ArrayNode attributes = agent.putArray("attributes");
        task.agent().attributes().forEach((name, value) -> attributes.addObject()
                .put("name", name).put("text", value));
        ObjectNode state = node.putObject("state")
                .put("condition", TaskJson.condition(task.condition()))
                .put("since", Timestamps.format(instance.sinceMs()));
        if (task.startedMs() > 0) {
            state.put("activeSince", Timestamps.format(task.startedMs()));
        }
        if (task.healthChecked() && task.health() != Health.UNKNOWN) {
            state.put("healthy", task.health() == Health.ALIVE);
        }
        state.put("goal", task.goal() == Goal.RUNNING ? "Running" : "Decommissioned");
        node.put("runSpecVersion", Timestamps.format(task.version().versionMs()));
        node.set("unreachableStrategy", PodJson.definition(task.version()).path("scheduling")
                .path("unreachableStrategy"));
        return node;
    }
}
