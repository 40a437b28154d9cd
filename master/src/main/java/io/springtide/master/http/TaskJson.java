package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.ReadinessCheck;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.Readiness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tasks as Marathon shows them. Not one field more: its strictest clients fail on any they do not know. One
 * thread: it remembers the app of the task before.
 */
final class TaskJson {

    static final String STAGING = "staging";
    static final String RUNNING = "running";
    private static final String OTHER = "other";

    /** What the id of a task has behind that of its instance. */
    private static final byte[] TASK_ID_END = JsonBytes.ascii(
            TaskIds.taskId("", 0).substring(TaskIds.instanceId("", 0).length()));

    private static final byte[] HOST = JsonBytes.ascii("\",\"host\":");
    private static final byte[] SLAVE_ID = JsonBytes.ascii(",\"slaveId\":");
    private static final byte[] STATE = JsonBytes.ascii(",\"state\":");
    private static final byte[] PORTS = JsonBytes.ascii(",\"ports\":[");
    private static final byte[] SERVICE_PORTS = JsonBytes.ascii(",\"servicePorts\":[");
    private static final byte[] IP_ADDRESSES = JsonBytes.ascii(",\"ipAddresses\":[");
    private static final byte[] IP_ADDRESS = JsonBytes.ascii("{\"ipAddress\":");
    private static final byte[] IPV4 = JsonBytes.ascii(",\"protocol\":\"IPv4\"}");
    private static final byte[] IPV6 = JsonBytes.ascii(",\"protocol\":\"IPv6\"}");
    private static final byte[] STAGED_AT = JsonBytes.ascii(",\"stagedAt\":");
    private static final byte[] STARTED_AT = JsonBytes.ascii(",\"startedAt\":");
    private static final byte[] ALIVE = JsonBytes.ascii("{\"alive\":true,\"consecutiveFailures\":");
    private static final byte[] DEAD = JsonBytes.ascii("{\"alive\":false,\"consecutiveFailures\":");
    private static final byte[] LAST_SUCCESS = JsonBytes.ascii(",\"lastSuccess\":");
    private static final byte[] LAST_FAILURE = JsonBytes.ascii(",\"lastFailure\":");
    private static final byte[] INSTANCE_ID = JsonBytes.ascii(",\"instanceId\":");
    private static final byte[] RESULT_END = JsonBytes.ascii("\"}");
    private static final byte[] LOCAL_VOLUMES = JsonBytes.ascii("],\"localVolumes\":[]");
    private static final byte[] CHECK_RESULT = JsonBytes.ascii(",\"checkResult\":");
    private static final byte[] REGION = JsonBytes.ascii(",\"region\":");
    private static final byte[] ZONE = JsonBytes.ascii(",\"zone\":");

    private final AppDefinitions definitions;
    private final String clusterId;
    private Optional<Known> last = Optional.empty();

    /**
     * What all tasks of a version have in common.
     *
     * @param head up to the number in the task's id
     * @param idHead the quote and the instance's id up to its number
     * @param versionText from behind the times to the results of health checks
     * @param role from the role to the end
     */
    @SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
    private record Known(AppVersion version, App app, String prefix, byte[] head, byte[] idHead,
            byte[] versionText, byte[] role) {

        static Known of(AppVersion version, App app, String clusterId) {
            String path = version.spec().id().path();
            String prefix = TaskIds.prefix(path, clusterId);
            byte[] quoted = JsonBytes.quoted(prefix);
            byte[] idHead = Arrays.copyOf(quoted, quoted.length - 1);
            JsonBytes out = JsonBytes.small();
            byte[] head = out.raw("{\"appId\":").text(path).raw(",\"id\":")
                    .raw(idHead).take();
            byte[] versionText = out.raw(",\"version\":").time(version.versionMs())
                    .raw(",\"healthCheckResults\":[").take();
            return new Known(version, app, prefix, head, idHead, versionText,
                    out.raw(",\"role\":").text(app.placement().role()).raw('}').take());
        }

        boolean isOf(AppVersion other) {
            return version.versionMs() == other.versionMs()
                    && version.spec().id().equals(other.spec().id());
        }
    }

    TaskJson(AppDefinitions definitions, String clusterId) {
        this.definitions = definitions;
        this.clusterId = clusterId;
    }

    String taskId(TaskView task) {
        return TaskIds.taskId(prefix(task), task.number());
    }

    String instanceId(TaskView task) {
        return TaskIds.instanceId(prefix(task), task.number());
    }

    private String prefix(TaskView task) {
        return last.filter(known -> known.isOf(task.version())).map(Known::prefix)
                .orElseGet(() -> TaskIds.prefix(task.appPath(), clusterId));
    }

    private Known known(TaskView task) {
        if (last.isEmpty() || !last.get().isOf(task.version())) {
            last = Optional
                    .of(Known.of(task.version(), definitions.app(task.version()), clusterId));
        }
        return last.get();
    }

    /** As the other, in the place where a generator is. */
    void write(JsonGenerator json, TaskView task, boolean withServicePorts) throws IOException {
        JsonBytes out = new JsonBytes();
        write(out, task, withServicePorts);
        json.writeRawValue(new String(out.take(), StandardCharsets.UTF_8));
    }

    /**
     * Writes a task.
     *
     * @param withServicePorts as {@code /v2/tasks} has them, and nothing else
     */
    void write(JsonBytes out, TaskView task, boolean withServicePorts) {
        Known known = known(task);
        String number = TaskIds.instanceId("", task.number());
        out.raw(known.head()).raw(number).raw(TASK_ID_END);
        out.raw(HOST).text(task.agent().hostname());
        out.raw(SLAVE_ID).text(task.agent().id().name());
        out.raw(STATE).text(state(task.condition()));
        out.raw(PORTS);
        writePorts(out, task.ports());
        if (withServicePorts) {
            out.raw(SERVICE_PORTS);
            writePorts(out, task.version().spec().servicePorts());
        }
        out.raw(IP_ADDRESSES);
        writeAddresses(out, address(task.ipAddress(), task.agent().hostname()));
        out.raw(STAGED_AT).time(task.stagedMs());
        if (task.startedMs() > 0) {
            out.raw(STARTED_AT).time(task.startedMs());
        }
        out.raw(known.versionText());
        writeHealth(out, task, known, number);
        out.raw(LOCAL_VOLUMES);
        CheckResultJson.of(task.check())
                .ifPresent(result -> out.raw(CHECK_RESULT).raw(result));
        if (!task.agent().region().isEmpty()) {
            out.raw(REGION).text(task.agent().region());
        }
        if (!task.agent().site().isEmpty()) {
            out.raw(ZONE).text(task.agent().site());
        }
        out.raw(known.role());
    }

    private static void writePorts(JsonBytes out, List<Integer> ports) {
        for (int i = 0; i < ports.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            out.number(ports.get(i));
        }
        out.raw(']');
    }

    /** The address of a task: its own, or its agent's where that is known as a number. */
    static String address(String own, String hostname) {
        if (!own.isEmpty()) {
            return own;
        }
        return hostname.indexOf(':') >= 0 || isIpv4(hostname) ? hostname : "";
    }

    /** Four numbers of up to three digits, with dots between them. */
    private static boolean isIpv4(String hostname) {
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < hostname.length(); i++) {
            char one = hostname.charAt(i);
            if (one >= '0' && one <= '9' && digits < 3) {
                digits++;
            } else if (one == '.' && digits > 0 && dots < 3) {
                dots++;
                digits = 0;
            } else {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    /** What Mesos would call it. */
    static String state(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING -> "TASK_STAGING";
            case STARTING -> "TASK_STARTING";
            case RUNNING -> "TASK_RUNNING";
            case UNREACHABLE, UNREACHABLE_INACTIVE -> "TASK_UNREACHABLE";
            case KILLING -> "TASK_KILLING";
            case FINISHED -> "TASK_FINISHED";
            case FAILED -> "TASK_FAILED";
            case KILLED -> "TASK_KILLED";
            case ERROR -> "TASK_ERROR";
            case GONE -> "TASK_GONE";
        };
    }

    /** What a query for tasks calls it; {@link #OTHER} if it has no name for it. */
    static String status(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING -> STAGING;
            case RUNNING -> RUNNING;
            case STARTING, UNREACHABLE, UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED,
                    ERROR, GONE ->
                OTHER;
        };
    }

    /** What Marathon's instances call it. */
    static String condition(Condition condition) {
        return switch (condition) {
            case PLACED -> "Provisioned";
            case STAGING -> "Staging";
            case STARTING -> "Starting";
            case RUNNING -> "Running";
            case UNREACHABLE -> "Unreachable";
            case UNREACHABLE_INACTIVE -> "UnreachableInactive";
            case KILLING -> "Killing";
            case FINISHED -> "Finished";
            case FAILED -> "Failed";
            case KILLED -> "Killed";
            case ERROR -> "Error";
            case GONE -> "Gone";
        };
    }

    private static void writeAddresses(JsonBytes out, String address) {
        if (!address.isEmpty()) {
            out.raw(IP_ADDRESS).text(address)
                    .raw(address.indexOf(':') >= 0 ? IPV6 : IPV4);
        }
        out.raw(']');
    }

    /**
     * The agent tells one verdict on all checks together; clients expect one result for each check, so
     * each gets that verdict.
     */
    private static void writeHealth(JsonBytes out, TaskView task, Known known,
            String number) {
        int checks = known.app().checks().healthChecks().size();
        for (int i = 0; i < checks && task.health() != Health.UNKNOWN; i++) {
            boolean alive = task.health() == Health.ALIVE;
            if (i > 0) {
                out.raw(',');
            }
            out.raw(alive ? ALIVE : DEAD).number(task.healthFailures())
                    .raw(alive ? LAST_SUCCESS : LAST_FAILURE).time(task.healthMs())
                    .raw(INSTANCE_ID).raw(known.idHead()).raw(number).raw(RESULT_END);
        }
    }

    /** What tasks have answered to the readiness checks of their app; those that have not are left out. */
    void writeReadiness(ArrayNode results, List<TaskView> tasks) {
        for (TaskView task : tasks) {
            Readiness answer = task.readiness();
            if (answer.equals(Readiness.NONE)) {
                continue;
            }
            for (ReadinessCheck check : definitions.app(task.version()).checks()
                    .readinessChecks()) {
                // Clients look for the task: Marathon has the id of the instance here, and they find nothing.
                ObjectNode result = results.addObject().put("name", check.name())
                        .put("taskId", taskId(task)).put("ready", answer.ready());
                if (check.preserveLastResponse() && answer.httpStatus() != 0) {
                    result.putObject("lastResponse").put("status", answer.httpStatus())
                            .put("contentType", answer.contentType()).put("body", answer.body());
                }
            }
        }
    }
}
