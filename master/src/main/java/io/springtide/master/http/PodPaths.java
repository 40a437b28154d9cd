package io.springtide.master.http;

import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A path below {@code /v2/pods}, such as {@code /shop/cart::versions/2014-03-01T23:29:30.158Z}.
 *
 * @param id the names of the pod's id; none if all pods are meant
 * @param aspect what follows the two colons; empty if there are none
 * @param rest the names behind it
 */
record PodPaths(List<String> id, String aspect, List<String> rest) {

    private static final String MARK = "::";

    PodPaths {
        id = List.copyOf(id);
        rest = List.copyOf(rest);
    }

    /** Takes a whole path apart; empty if it is not about pods. */
    static Optional<PodPaths> of(List<String> path) {
        if (path.size() < 2 || !path.getFirst().equals("v2")
                || !(path.get(1).equals("pods") || path.get(1).startsWith("pods" + MARK))) {
            return Optional.empty();
        }
        for (int i = 1; i < path.size(); i++) {
            String name = path.get(i);
            int mark = name.indexOf(MARK);
            if (mark >= 0) {
                List<String> id = new ArrayList<>(i == 1 ? List.of() : path.subList(2, i));
                if (i > 1 && mark > 0) {
                    id.add(name.substring(0, mark));
                }
                return Optional.of(new PodPaths(id, name.substring(mark + MARK.length()),
                        path.subList(i + 1, path.size())));
            }
        }
        return Optional.of(new PodPaths(path.subList(2, path.size()), "", List.of()));
    }

    /** Whether it is the same aspect with as many names behind it. */
    boolean is(String wanted, int names) {
        return aspect.equals(wanted) && rest.size() == names;
    }

    /** For reading: what is no id is the name of nothing. */
    AppId existing() {
        return AppPaths.id(id).map(one -> new AppId(one.path()))
                .orElseThrow(() -> Errors.podUnknown("/" + String.join("/", id)));
    }

    /** For writing: what is no id is a mistake worth telling. */
    PathId writable() {
        return AppPaths.writable(id);
    }
}
