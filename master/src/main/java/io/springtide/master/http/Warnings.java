package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.master.traffic.Published;
import io.springtide.master.traffic.ServiceReader;
import java.util.List;

/**
 * What is odd about a definition, though not wrong: Marathon takes any label, and so do we. It goes with
 * the answer in a header of its own, so that no client has to know it.
 */
final class Warnings {

    static final String HEADER = "X-Tide-Warning";

    /** Longer headers are refused by some clients. */
    private static final int LENGTH_MAX = 1_000;

    private Warnings() {}

    /** Adds what is odd about an app. */
    static void add(List<String> warnings, App app) {
        for (Published.Fault fault : ServiceReader.published(app).faults()) {
            warnings.add(app.id().path() + ": " + fault.sentence());
        }
    }

    static void put(Exchange exchange, List<String> warnings) {
        if (!warnings.isEmpty()) {
            // Labels are anybody's text; a header is one line of printable characters.
            String text = String.join("; ", warnings).replaceAll("[^ -~]", "?");
            exchange.response().putHeader(HEADER,
                    text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "..." : text);
        }
    }
}
