package io.springtide.cli;

import io.springtide.api.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words for what the master says of traffic. */
final class TrafficText {

    private TrafficText() {}

    /** Where a service is reached, e.g. {@code shop.example/cart, :10007}. */
    static String where(Json service) {
        List<String> all = new ArrayList<>();
        String path = service.get("pathPrefix").text();
        if (service.get("protocol").text().equals("http")) {
            List<Json> hosts = service.get("hosts").items();
            for (Json host : hosts) {
                all.add(host.text() + (path.equals("/") ? "" : path));
            }
            if (hosts.isEmpty()) {
                all.add("*" + path);
            }
        }
        if (service.get("servicePort").asLong() > 0) {
            all.add(":" + service.get("servicePort").text());
        }
        return String.join(", ", all);
    }

    /** Open instances, and what else there is of them. */
    static String instances(Json service) {
        StringBuilder text = new StringBuilder(service.get("open").text());
        if (service.get("draining").asLong() > 0) {
            text.append(" +").append(service.get("draining").text()).append(" draining");
        }
        if (service.get("kept").asLong() > 0) {
            text.append(" +").append(service.get("kept").text()).append(" KEPT");
        }
        return text.toString();
    }

    /** A number with at most one digit behind the point; a dash where there is none. */
    static String number(Json value) {
        if (value.isMissing() || value.asDouble() < 0) {
            return "-";
        }
        double number = value.asDouble();
        return number == Math.rint(number)
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.1f", number);
    }

    /** What is wrong, one line each. */
    static List<String> troubles(Json traffic) {
        List<String> lines = new ArrayList<>();
        for (Json driver : traffic.get("drivers").items()) {
            if (!driver.get("trouble").text().isEmpty()) {
                lines.add("driver " + driver.get("name").text() + ": "
                        + driver.get("trouble").text());
            }
        }
        for (Json empty : traffic.get("empty").items()) {
            lines.add("ALARM  no instance of " + empty.get("app").text() + " serves since "
                    + empty.get("since").text() + "; " + empty.get("kept").text()
                    + " of the last are kept. If it is meant to be empty: tide traffic release "
                    + empty.get("app").text());
        }
        for (Json problem : traffic.get("problems").items()) {
            lines.add(problem.get("app").text() + ", label " + problem.get("label").text() + ": "
                    + problem.get("message").text());
        }
        return lines;
    }
}
