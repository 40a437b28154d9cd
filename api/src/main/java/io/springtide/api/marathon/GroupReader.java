package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

import static io.springtide.api.marathon.Shape.bool;
import static io.springtide.api.marathon.Shape.list;
import static io.springtide.api.marathon.Shape.maybe;
import static io.springtide.api.marathon.Shape.must;
import static io.springtide.api.marathon.Shape.number;
import static io.springtide.api.marathon.Shape.object;
import static io.springtide.api.marathon.Shape.text;

/**
 * Reads the bodies of requests for groups.
 *
 * <p>Faults of apps are told by their place in the document; those of the first bad app also as Marathon tells
 * them, as if the app were the document. Source: Marathon, GroupsResource and its validators. Immutable, for any
 * thread.
 */
public final class GroupReader {

    private static final Shape ID = text(0, Integer.MAX_VALUE, PathId::isWellFormed);

    /** Its fields come from the tree around it, which is bounded by {@link JsonInput#DEPTH_MAX}. */
    private static final Shape NESTED = (value, path, violations) -> group(must("id", ID))
            .read(value, path, violations);

    private static final Shape GROUP = group(maybe("id", ID));
    private static final Shape PATCH = object(must("enforceRole", bool()));

    private final ServerSettings settings;

    /** Reads for a server of these settings. */
    public GroupReader(ServerSettings settings) {
        this.settings = settings;
    }

    private static Shape group(Shape.Field id) {
        return object(id, maybe("apps", list(AppShape.APP)), maybe("groups", list(NESTED)),
                maybe("dependencies", list(text())), maybe("enforceRole", bool()),
                maybe("version", text()), maybe("scaleBy", number()));
    }

    /**
     * Reads the body of {@code POST} or {@code PUT /v2/groups[/{id}]}.
     *
     * @param base the id in the request's path: the group's own, if the body names none; else what the body's id is
     *     relative to
     * @param enforcesRole whether an uppermost group that is there enforces its role; asked if the body does not
     *     say
     * @throws RequestRefused 422 with all that is wrong
     */
    public GroupUpdate readUpdate(PathId base, JsonNode body, Predicate<PathId> enforcesRole) {
        ObjectNode tree = shaped(GROUP, body);
        Violations violations = new Violations();
        checkAlone(tree, "", violations);
        violations.refuseNotValid();
        if (tree.has("version")) {
            return new GroupUpdate.Rollback(base,
                    Timestamps.parse(tree.path("version").textValue()));
        }
        if (tree.has("scaleBy")) {
            return new GroupUpdate.ScaleBy(base, tree.path("scaleBy").doubleValue());
        }
        Map<PathId, Boolean> enforcing = new TreeMap<>();
        collectEnforcing(new Fields(tree), base, enforcing);
        Reading reading = new Reading(
                top -> enforcing.containsKey(top)
                        ? Boolean.TRUE.equals(enforcing.get(top))
                        : enforcesRole.test(top));
        Group group = reading.group(new Fields(tree), base, "");
        reading.violations.refuseNotValid();
        new GroupRules(group, reading.violations).check();
        reading.violations.refuseNotValid();
        return new GroupUpdate.Definition(group);
    }

    /**
     * Reads the body of {@code PATCH /v2/groups/{id}}.
     *
     * @throws RequestRefused 422 if it does not say whether the role is enforced, or the group is not an uppermost
     *     one
     */
    public GroupUpdate.EnforceRole readPatch(PathId id, JsonNode body) {
        ObjectNode tree = shaped(PATCH, body);
        Violations violations = new Violations();
        GroupRules.requireTop(id, "", violations);
        violations.refuseNotValid();
        return new GroupUpdate.EnforceRole(id, tree.path("enforceRole").booleanValue());
    }

    private static ObjectNode shaped(Shape shape, JsonNode body) {
        Violations violations = new Violations();
        JsonNode tree = shape.read(body, "", violations);
        violations.refuseUnreadable();
        return (ObjectNode) tree;
    }

    /** Marathon counts the id too, so that what it shows of a group cannot be sent back. */
    private static void checkAlone(JsonNode group, String path, Violations violations) {
        for (String name : List.of("version", "scaleBy")) {
            violations.require(!group.has(name) || group.size() == 1, path + "/" + name,
                    "not allowed in conjunction with other properties.");
        }
        JsonNode groups = group.path("groups");
        for (int i = 0; i < groups.size(); i++) {
            checkAlone(groups.get(i), path + "/groups(" + i + ")", violations);
        }
    }

    private static PathId id(Fields group, PathId base) {
        return group.text("id").flatMap(text -> PathId.resolve(text, base)).orElse(base);
    }

    private static void collectEnforcing(Fields group, PathId base,
            Map<PathId, Boolean> enforcing) {
        PathId id = id(group, base);
        group.bool("enforceRole").ifPresent(enforced -> enforcing.put(id, enforced));
        group.objects("groups", inner -> inner)
                .forEach(inner -> collectEnforcing(inner, id, enforcing));
    }

    /** One document on its way; keeps what is wrong with it. */
    private final class Reading {

        private final Violations violations = new Violations();
        private final Predicate<PathId> enforcesRole;
        private boolean appRefused;

        Reading(Predicate<PathId> enforcesRole) {
            this.enforcesRole = enforcesRole;
        }

        Group group(Fields group, PathId base, String path) {
            PathId id = id(group, base);
            Optional<List<AppUpdate.Replacement>> apps = group.has("apps")
                    ? Optional.of(apps(group.node().path("apps"), id, path))
                    : Optional.empty();
            return new Group(id, apps,
                    group.has("groups")
                            ? Optional.of(groups(group.node().path("groups"), id, path))
                            : Optional.empty(),
                    group.has("dependencies")
                            ? Optional.of(dependencies(group.texts("dependencies"), id, path))
                            : Optional.empty(),
                    group.bool("enforceRole"));
        }

        private List<Group> groups(JsonNode items, PathId base, String path) {
            List<Group> groups = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                groups.add(group(new Fields(items.get(i)), base, path + "/groups(" + i + ")"));
            }
            return groups;
        }

        private List<PathId> dependencies(List<String> items, PathId id, String path) {
            List<PathId> dependencies = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                boolean good = PathId.isWellFormed(items.get(i));
                violations.require(good, path + "/dependencies(" + i + ")",
                        "must fully match regular expression of an app id");
                if (good) {
                    PathId.resolve(items.get(i), id).ifPresent(dependencies::add);
                }
            }
            return dependencies;
        }

        private List<AppUpdate.Replacement> apps(JsonNode items, PathId group, String path) {
            List<AppUpdate.Replacement> apps = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                JsonNode item = items.get(i);
                String where = path + "/apps(" + i + ")";
                try {
                    App app = new AppReader(settingsOf(item, group)).read(item, group, where);
                    apps.add(new AppUpdate.Replacement(app.id(), app, item.has("placement"),
                            item.has("rollout"), item.has("onPartition")));
                } catch (RequestRefused refused) {
                    collect(refused, where);
                }
            }
            return apps;
        }

        private ServerSettings settingsOf(JsonNode item, PathId group) {
            Optional<String> top = PathId.resolve(item.path("id").textValue(), group)
                    .flatMap(PathId::topGroup);
            return top.isPresent() && enforcesRole.test(new PathId("/" + top.get()))
                    ? settings.withMesosRole(top.get())
                    : settings;
        }

        private void collect(RequestRefused refused, String where) {
            if (!(refused.error().details() instanceof MarathonError.Details.Problems(var all))) {
                throw refused;
            }
            for (MarathonError.Problem problem : all) {
                for (String error : problem.errors()) {
                    violations.add(problem.path(), error);
                    if (!appRefused && problem.path().startsWith(where)) {
                        violations.add(problem.path().substring(where.length()), error);
                    }
                }
            }
            appRefused = true;
        }
    }
}
