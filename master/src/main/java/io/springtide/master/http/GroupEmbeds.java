package io.springtide.master.http;

import java.util.List;

/** What a client wants to see inside of groups: everything, unless it names something. */
record GroupEmbeds(boolean groups, boolean apps, boolean pods) {

    static GroupEmbeds of(Query query) {
        List<String> names = query.all("embed");
        return names.isEmpty()
                ? new GroupEmbeds(true, true, true)
                : new GroupEmbeds(names.contains("group.groups"), names.contains("group.apps"),
                        names.contains("group.pods"));
    }
}
