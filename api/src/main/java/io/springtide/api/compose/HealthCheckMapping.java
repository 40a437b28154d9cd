package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.List;
import java.util.Optional;

/** The health check of a service, which runs in its container. Defaults are those of Docker. */
final class HealthCheckMapping {
    private static final long INTERVAL_SECONDS = 30;
    private static final long TIMEOUT_SECONDS = 30;
    private static final long START_INTERVAL_SECONDS = 5;
    private static final long RETRIES = 3;
    private static final long SECONDS_MAX = 86_400;

    private HealthCheckMapping() {}

    /** As a health check of kind {@code COMMAND}; empty if there is none, or it is switched off. */
    static Optional<Json> of(Node check) {
        if (!check.present()) {
            return Optional.empty();
        }
        Keys.check(check, List.of("test", "interval", "timeout", "retries", "start_period",
                "start_interval", "disable"));
        if (check.get("disable").flag()) {
            return Optional.empty();
        }
        Optional<String> command = command(check.get("test"));
        if (command.isEmpty()) {
            return Optional.empty();
        }
        long interval = seconds(check.get("interval"), INTERVAL_SECONDS, 1);
        long grace = seconds(check.get("start_period"), 0, 0);
        long startInterval = seconds(check.get("start_interval"), START_INTERVAL_SECONDS, 1);
        return Optional.of(new JsonObject().with("protocol", "COMMAND")
                .with("command", new JsonObject().with("value", command.get()).build())
                .with("gracePeriodSeconds", grace).with("intervalSeconds", interval)
                .with("timeoutSeconds", seconds(check.get("timeout"), TIMEOUT_SECONDS, 1))
                .with("maxConsecutiveFailures", failuresMax(check.get("retries")))
                // Docker too waits an interval before it asks for the first time.
                .with("delaySeconds", grace > 0 ? Math.min(startInterval, interval) : interval)
                .build());
    }

    /**
     * Docker: unhealthy after so many failures in a row. Ours: replaced at one more than the maximum, and a
     * maximum of 0 is none at all.
     */
    private static long failuresMax(Node retries) {
        long failures = retries.whole(1, 1_000).orElse(RETRIES);
        if (failures == 1) {
            retries.warn("is 1, but it takes at least 2 failures in a row to replace an instance");
        }
        return Math.max(1, failures - 1);
    }

    private static Optional<String> command(Node test) {
        if (!test.present()) {
            test.error("is missing: which command tells whether it is well? To have no check, leave"
                    + " healthcheck out");
            return Optional.empty();
        }
        if (!test.isList()) {
            return Optional.of(test.text()).filter(text -> !text.isBlank());
        }
        List<String> words = test.items().stream().map(Node::text).toList();
        String kind = words.isEmpty() ? "" : words.get(0);
        if (kind.equals("NONE") && words.size() == 1) {
            return Optional.empty();
        }
        if (kind.equals("CMD-SHELL") && words.size() == 2) {
            return Optional.of(words.get(1));
        }
        if (kind.equals("CMD") && words.size() > 1) {
            return Optional.of(ShellWords.join(words.subList(1, words.size())));
        }
        test.error("must be a command, or begin with CMD, CMD-SHELL or NONE, such as"
                + " [\"CMD\", \"curl\", \"-f\", \"http://localhost/\"]");
        return Optional.empty();
    }

    private static long seconds(Node node, long otherwise, long min) {
        return Math.clamp(Units.seconds(node).orElse(otherwise), min, SECONDS_MAX);
    }
}
