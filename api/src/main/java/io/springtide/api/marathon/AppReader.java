package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads app definitions and updates: JSON of any of Marathon's dialects becomes canonical records.
 *
 * <p>Four phases, each reporting all that it finds, a later one only if the earlier found nothing: shape, mixture of
 * old and new fields, canonical rules, rules between fields. Source: Marathon, AppsResource and its validators.
 * Immutable, for any thread.
 */
public final class AppReader {

    private final ServerSettings settings;

    /** Reads for a server of these settings. */
    public AppReader(ServerSettings settings) {
        this.settings = settings;
    }

    /** The settings it reads for. */
    public ServerSettings settings() {
        return settings;
    }

    /**
     * Reads the app of a {@code POST /v2/apps}.
     *
     * @throws RequestRefused 422 with all violations of the first phase that found any
     */
    public App read(JsonNode body) {
        return read(body, PathId.ROOT, "");
    }

    /**
     * Reads an app inside of a document.
     *
     * @param group against which a relative id is resolved
     * @param path of the app in the document, put before the paths of violations; empty for the document itself
     * @throws RequestRefused as {@link #read(JsonNode)}
     */
    public App read(JsonNode body, PathId group, String path) {
        ObjectNode tree = shaped(AppShape.APP, body, path);
        Optional<PathId> id = PathId.resolve(tree.path("id").textValue(), group);
        return finish(migrated(tree, Optional.empty(), path), id.orElse(PathId.ROOT), path);
    }

    /**
     * Reads the body of {@code PUT} or {@code PATCH /v2/apps/{id}}.
     *
     * @param partialUpdate whether fields left out keep their values; else they get their defaults
     * @throws RequestRefused 422 if its shape is wrong, or if it names a version and other fields
     */
    public AppUpdate readUpdate(PathId id, JsonNode body, boolean partialUpdate) {
        return readUpdate(id, body, partialUpdate, "");
    }

    /**
     * Reads the body of {@code PUT} or {@code PATCH /v2/apps}, an array in which each item names its app.
     *
     * @param readers who reads an app of an id: what it says by saying nothing depends on where it lies
     * @throws RequestRefused as {@link #readUpdate}, or if an id is missing or occurs twice
     */
    public static List<AppUpdate> readUpdates(JsonNode body, boolean partialUpdate,
            Function<PathId, AppReader> readers) {
        Violations violations = new Violations();
        if (!(body instanceof ArrayNode items)) {
            violations.add("", "error.expected.jsarray");
            throw new RequestRefused(MarathonError.unreadable(violations));
        }
        List<PathId> ids = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String path = "(" + i + ")";
            JsonNode item = items.get(i);
            if (!item.isObject()) {
                violations.add(path, "error.expected.jsobject");
            } else if (!item.hasNonNull("id")) {
                violations.add(path + "/id", Shape.undefined("id", item));
            } else if (!item.get("id").isTextual()) {
                violations.add(path + "/id", "error.expected.jsstring");
            } else {
                Optional<PathId> id = PathId.resolve(item.get("id").textValue(), PathId.ROOT);
                violations.require(id.isPresent(), path + "/id", "error.pattern");
                id.ifPresent(ids::add);
            }
        }
        violations.refuseUnreadable();
        if (ids.stream().distinct().count() != ids.size()) {
            throw new RequestRefused(
                    MarathonError.notValid(Violations.of("/", "each app may occur once only")));
        }
        List<AppUpdate> updates = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            updates.add(readers.apply(ids.get(i)).readUpdate(ids.get(i), items.get(i),
                    partialUpdate, "(" + i + ")"));
        }
        return List.copyOf(updates);
    }

    private AppUpdate readUpdate(PathId id, JsonNode body, boolean partialUpdate, String path) {
        if (!partialUpdate) {
            return new AppUpdate.Replacement(id, finish(
                    migrated(shaped(AppShape.APP_BY_PATH, body, path), Optional.empty(), path), id,
                    path), body.hasNonNull("placement"), body.hasNonNull("rollout"),
                    body.hasNonNull("onPartition"));
        }
        ObjectNode tree = shaped(AppShape.UPDATE, body, path);
        tree.remove("id");
        JsonNode version = tree.remove("version");
        if (version == null) {
            return new AppUpdate.Change(id, tree.toString(), path);
        }
        if (!tree.isEmpty()) {
            throw new RequestRefused(
                    MarathonError.notValid(Violations.of(path.isEmpty() ? "/" : path,
                            "The 'version' field may only be combined with the 'id' field.")));
        }
        return new AppUpdate.Rollback(id, Timestamps.parse(version.textValue()));
    }

    /**
     * What an app becomes by a partial update.
     *
     * @throws RequestRefused 422 if that breaks a rule
     */
    public App apply(AppUpdate.Change change, App existing) {
        ObjectNode tree = AppWriter.canonical(existing, List.of());
        ObjectNode given = migrated(change.fields(), Optional.of(tree), change.path());
        tree.setAll(given);
        App changed = finish(tree, existing.id(), change.path());
        checkResident(existing, changed, change.path());
        return changed;
    }

    /**
     * The app that a partial update creates where there is none.
     *
     * @throws RequestRefused 422 if that breaks a rule
     */
    public App create(AppUpdate.Change change) {
        return finish(migrated(change.fields(), Optional.empty(), change.path()), change.id(),
                change.path());
    }

    /**
     * What an app becomes by a replacement: that, and what clients of Marathon do not know of.
     *
     * @throws RequestRefused 422 if the app owns data and may not change so, or if what is kept does not
     *     go with what is new
     */
    public App replace(AppUpdate.Replacement replacement, App existing) {
        App wanted = replacement.app();
        if (!replacement.placementGiven()) {
            wanted = wanted.withPlacement(
                    wanted.placement().withTerms(existing.placement().terms()));
        }
        if (!replacement.rolloutGiven()) {
            wanted = wanted.withRollout(wanted.rollout().withTerms(existing.rollout().terms()));
        }
        if (!replacement.onPartitionGiven()) {
            wanted = wanted.withRollout(
                    wanted.rollout().withOnPartition(existing.rollout().onPartition()));
        }
        check(wanted, "");
        checkResident(existing, wanted, "");
        return wanted;
    }

    /**
     * Checks an app again under these settings, for instance one read from a file of ours.
     *
     * @throws RequestRefused 422 if it breaks a rule
     */
    public void check(App app) {
        check(app, "");
    }

    private static ObjectNode shaped(Shape shape, JsonNode body, String path) {
        Violations violations = new Violations();
        JsonNode tree = shape.read(body, path, violations);
        violations.refuseUnreadable();
        return (ObjectNode) tree;
    }

    private static ObjectNode migrated(ObjectNode tree, Optional<ObjectNode> existing,
            String path) {
        Migration migration = new Migration(tree, existing);
        Violations violations = new Violations();
        migration.check(violations, path);
        violations.refuseNotValid();
        migration.migrate();
        return tree;
    }

    private App finish(ObjectNode tree, PathId id, String path) {
        tree.put("id", id.path());
        new Canonical(tree, settings).fill();
        Violations violations = new Violations();
        new CanonicalRules(tree, path, settings, violations).check();
        violations.refuseNotValid();
        resolveDependencies(tree, id);
        App app = AppTree.app(tree);
        check(app, path);
        return app;
    }

    /** Relative dependencies start at the app itself, so a neighbour is {@code ../name}. */
    private static void resolveDependencies(ObjectNode tree, PathId id) {
        JsonNode given = tree.path("dependencies");
        if (!given.isEmpty()) {
            ArrayNode resolved = tree.arrayNode();
            for (JsonNode dependency : given) {
                PathId.resolve(dependency.textValue(), id)
                        .ifPresent(found -> resolved.add(found.path()));
            }
            tree.set("dependencies", resolved);
        }
    }

    private void check(App app, String path) {
        Violations violations = new Violations();
        new AppRules(app, path, settings, violations).check();
        violations.refuseNotValid();
    }

    private static void checkResident(App before, App after, String path) {
        Violations violations = new Violations();
        new ResidentRules(before, after, path, violations).check();
        violations.refuseNotValid();
    }
}
