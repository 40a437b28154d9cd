package io.springtide.master.http;

import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;

/** App ids in paths: everything between the collection and what is asked of the app. */
final class AppPaths {

    private AppPaths() {}

    /** The id, if the names form one; the root is none. */
    static Optional<PathId> id(List<String> names) {
        return PathId.resolve("/" + String.join("/", names), PathId.ROOT)
                .filter(id -> !id.isRoot());
    }

    /** For reading: what is no id is the name of nothing. */
    static AppId existing(List<String> names) {
        return id(names).map(id -> new AppId(id.path()))
                .orElseThrow(() -> Errors.appUnknown("/" + String.join("/", names)));
    }

    /** For writing: what is no id is a mistake worth telling. */
    static PathId writable(List<String> names) {
        return id(names).orElseThrow(Errors::malformedId);
    }

    /** The group of a path that ends in {@code *}. */
    static Optional<PathId> group(List<String> names) {
        return !names.isEmpty() && names.getLast().equals("*")
                ? PathId.resolve("/" + String.join("/", names.subList(0, names.size() - 1)),
                        PathId.ROOT)
                : Optional.empty();
    }

    static boolean startsWith(List<String> path, String... names) {
        return path.size() >= names.length && path.subList(0, names.length).equals(List.of(names));
    }
}
