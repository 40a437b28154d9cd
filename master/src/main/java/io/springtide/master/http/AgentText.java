package io.springtide.master.http;

import io.springtide.api.agent.TaskIds;
import io.springtide.core.model.AgentSpec;

/**
 * What all tasks on an agent have in common, as bytes. Never changed.
 *
 * @param host from behind the number in the task's id to its state
 * @param addresses of a task that has none of its own, up to the bracket behind them
 * @param place region and zone, if they are known
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record AgentText(byte[] host, byte[] addresses, byte[] place) {

    /** What the id of a task has behind that of its instance. */
    private static final String TASK_ID_END = TaskIds.taskId("", 0)
            .substring(TaskIds.instanceId("", 0).length());

    static AgentText of(AgentSpec spec) {
        JsonBytes out = JsonBytes.small();
        byte[] host = out.raw(TASK_ID_END).raw("\",\"host\":").text(spec.hostname())
                .raw(",\"slaveId\":").text(spec.id().name()).raw(",\"state\":").take();
        writeAddress(out, address(spec.hostname()));
        byte[] addresses = out.take();
        if (!spec.region().isEmpty()) {
            out.raw(",\"region\":").text(spec.region());
        }
        if (!spec.site().isEmpty()) {
            out.raw(",\"zone\":").text(spec.site());
        }
        return new AgentText(host, addresses, out.take());
    }

    /** An address as clients expect it, if there is one, and the end of the list that it is in. */
    static void writeAddress(JsonBytes out, String address) {
        if (!address.isEmpty()) {
            out.raw("{\"ipAddress\":").text(address).raw(",\"protocol\":\"")
                    .raw(address.indexOf(':') >= 0 ? "IPv6" : "IPv4").raw("\"}");
        }
        out.raw(']');
    }

    /** The host's name where it is an address; empty if it is not. */
    static String address(String hostname) {
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
}
