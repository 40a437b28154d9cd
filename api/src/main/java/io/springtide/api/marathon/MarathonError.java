package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An error answer in Marathon's shapes, which its clients parse.
 *
 * @param status of HTTP
 * @param message one sentence
 * @param details what belongs to it
 */
public record MarathonError(int status, String message, Details details) {

    static final String APP_IS_GROUP = "Groups and Applications may not have the same identifier.";

    /** The second member of an error body; its form depends on the cause. */
    public sealed interface Details {

        /** No second member. */
        record None() implements Details {}

        /** {@code "details": "..."}: where the JSON is broken. */
        record Text(String text) implements Details {}

        /** {@code "details": [{"path", "errors"}]}: which fields are wrong. */
        record Problems(List<Problem> problems) implements Details {
            /** Keeps its own copy. */
            public Problems {
                problems = List.copyOf(problems);
            }
        }

        /** {@code "deployments": [{"id"}]}: who holds the lock. */
        record Deployments(List<String> ids) implements Details {
            /** Keeps its own copy. */
            public Deployments {
                ids = List.copyOf(ids);
            }
        }
    }

    /**
     * What is wrong at one place of a document.
     *
     * @param path such as {@code /container/portMappings(0)/name}
     * @param errors sentences or codes
     */
    public record Problem(String path, List<String> errors) {
        /** Keeps its own copy. */
        public Problem {
            errors = List.copyOf(errors);
        }
    }

    /** An error that is one sentence. */
    public static MarathonError of(int status, String message) {
        return new MarathonError(status, message, new Details.None());
    }

    /** 400: the body is no JSON. */
    public static MarathonError invalidJson(String why) {
        return new MarathonError(400, "Invalid JSON", new Details.Text(why));
    }

    /** 422: fields of a wrong type or out of their range. */
    public static MarathonError unreadable(Violations violations) {
        return new MarathonError(422, "Invalid JSON", new Details.Problems(violations.problems()));
    }

    /** 422: well-formed, but it breaks a rule. */
    public static MarathonError notValid(Violations violations) {
        return new MarathonError(422, "Object is not valid",
                new Details.Problems(violations.problems()));
    }

    /** 404 for an app. */
    public static MarathonError appUnknown(PathId id) {
        return of(404, "App '" + id + "' does not exist");
    }

    /** 404 for a version of an app. */
    public static MarathonError appVersionUnknown(PathId id, long versionMs) {
        return of(404,
                "App '" + id + "' does not exist in version " + Timestamps.format(versionMs));
    }

    /** 409: an app of this id is there already. */
    public static MarathonError appExists(PathId id) {
        return of(409, "An app with id [" + id + "] already exists.");
    }

    /** 404 for a pod. */
    public static MarathonError podUnknown(PathId id) {
        return of(404, "Pod '" + id + "' does not exist");
    }

    /** 404 for a version of a pod. */
    public static MarathonError podVersionUnknown(PathId id, long versionMs) {
        return of(404,
                "Pod '" + id + "' does not exist in version " + Timestamps.format(versionMs));
    }

    /** 409: a pod of this id is there already. */
    public static MarathonError podExists(PathId id) {
        return of(409, "A pod with id [" + id + "] already exists.");
    }

    /** 400: the request's path names another pod than its body. */
    public static MarathonError podIdDiffers(PathId path, PathId body) {
        return of(400,
                "'" + path + "' does not match definition's id ('" + body + "')");
    }

    /** 404 for a group. */
    public static MarathonError groupUnknown(PathId id) {
        return of(404, "Group '" + id + "' does not exist");
    }

    /** 404 for a version of a group. */
    public static MarathonError groupVersionUnknown(PathId id, long versionMs) {
        return of(404,
                "Group '" + id + "' does not exist in version " + Timestamps.format(versionMs));
    }

    /**
     * 404 for a version of a group of which not all is known any more.
     *
     * @param what in it is not, such as {@code app '/shop/web'}
     * @param knownFromMs from when on it is
     */
    public static MarathonError groupVersionForgotten(PathId id, long versionMs, String what,
            long knownFromMs) {
        return of(404, groupVersionUnknown(id, versionMs).message() + " any more: of " + what
                + " nothing is kept from before " + Timestamps.format(knownFromMs)
                + ". Versions that are kept are listed at /v2/groups"
                + (id.isRoot() ? "" : id.path()) + "/versions");
    }

    /** 409: a group of this id is there already. */
    public static MarathonError groupExists(PathId id) {
        return of(409, "Group " + id + " is already created. Use PUT to change this group.");
    }

    /** 409: an app has the id that a new group is to have. */
    public static MarathonError groupIsApp(PathId id) {
        return of(409, "An app with the path " + id + " already exists.");
    }

    /** 422: a pod and a group of the same id. */
    public static MarathonError podIsGroup() {
        return notValid(
                Violations.of("/", "Groups and Pods may not have the same identifier."));
    }

    /** 422: an app and a pod of the same id. */
    public static MarathonError appIsPod() {
        return notValid(
                Violations.of("/", "Applications and Pods may not share the same id"));
    }

    /** 422: apps, pods and groups of the cluster would wait for each other in a circle. */
    public static MarathonError cyclicDependencies() {
        return notValid(Violations.of("/", "Dependency graph has cyclic dependencies."));
    }

    /** 422: a group that is there would change both its role and its apps. */
    public static MarathonError enforceRoleWithServices() {
        return notValid(Violations.of("/enforceRole",
                "enforceRole cannot be modified in a request that adds, removes or modifies"
                        + " services; please make these changes in separate requests."));
    }

    /** 409: deployments hold the app. */
    public static MarathonError locked(List<String> deploymentIds) {
        return new MarathonError(409,
                "App is locked by one or more deployments. Override with the option"
                        + " '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
                new Details.Deployments(deploymentIds));
    }

    /** The body of the answer. */
    public ObjectNode toJson() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ObjectNode body = json.objectNode();
        body.put("message", message);
        switch (details) {
            case Details.None() -> {
            }
            case Details.Text(String text) -> body.put("details", text);
            case Details.Problems(List<Problem> problems) -> {
                ArrayNode list = body.putArray("details");
                for (Problem problem : problems) {
                    ArrayNode errors = list.addObject().put("path", problem.path())
                            .putArray("errors");
                    problem.errors().forEach(errors::add);
                }
            }
            case Details.Deployments(List<String> ids) -> {
                ArrayNode list = body.putArray("deployments");
                ids.forEach(id -> list.addObject().put("id", id));
            }
        }
        return body;
    }
}
