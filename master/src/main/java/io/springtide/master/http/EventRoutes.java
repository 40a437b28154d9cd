package io.springtide.master.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code /v2/events}: what happens, as it happens. */
final class EventRoutes implements Routes {

    private static final String MEDIA_TYPE = "text/event-stream";

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("v2", "events"))
                ? Resource.at("/v2/events").anyType().get(EventRoutes::attach).found()
                : Optional.empty();
    }

    private static void attach(Exchange x) {
        String accept = x.request().getHeader("Accept");
        if (accept == null || !accept.toLowerCase(Locale.ROOT).contains(MEDIA_TYPE)) {
            throw Errors.refused(406, "Not Acceptable: ask for events with the header 'Accept: "
                    + MEDIA_TYPE + "'");
        }
        x.backend().events().attach(x, x.query().all("event_type"),
                Optional.ofNullable(x.request().getHeader("Last-Event-ID"))
                        .filter(id -> !id.isBlank()));
    }
}
