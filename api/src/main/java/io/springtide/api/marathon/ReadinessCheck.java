package io.springtide.api.marathon;

import java.util.List;

/**
 * Asks a new task whether it can take load; only a deployment listens.
 *
 * @param name for reports
 * @param protocol plain or over TLS
 * @param path of the GET
 * @param portName one of the app's ports
 * @param intervalSeconds between two questions
 * @param timeoutSeconds for an answer, less than the interval
 * @param httpStatusCodesForReady answers that mean yes
 * @param preserveLastResponse whether the last answer is shown
 */
public record ReadinessCheck(String name, Protocol protocol, String path, String portName,
        int intervalSeconds, int timeoutSeconds, List<Integer> httpStatusCodesForReady,
        boolean preserveLastResponse) {

    /** Plain or over TLS. */
    public enum Protocol implements Literal {
        /** Plain. */
        HTTP,
        /** Over TLS. */
        HTTPS;

        @Override
        public String json() {
            return name();
        }
    }

    /** Keeps its own copy. */
    public ReadinessCheck {
        httpStatusCodesForReady = List.copyOf(httpStatusCodesForReady);
    }
}
