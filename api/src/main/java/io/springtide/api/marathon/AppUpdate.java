package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a client wants of one app: other fields, another definition, or an old version back. */
public sealed interface AppUpdate {

    /** Which app. */
    PathId id();

    /**
     * Some fields anew, the others kept: see {@link AppReader#apply} and {@link AppReader#create}.
     *
     * @param id which app
     * @param fieldsJson an object of the fields given, their shape checked
     * @param path of the update in its document, for violations
     */
    record Change(PathId id, String fieldsJson, String path) implements AppUpdate {

        ObjectNode fields() {
            return (ObjectNode) JsonInput.parseText(fieldsJson);
        }
    }

    /**
     * A complete definition; if the app exists, {@link AppReader#replace} says what it becomes.
     *
     * @param placementGiven whether it has an object {@code placement}: clients of Marathon do not know of
     *     it, and must not lose it
     * @param rolloutGiven whether it has an object {@code rollout}, likewise
     * @param onPartitionGiven whether it has a field {@code onPartition}, likewise
     */
    record Replacement(PathId id, App app, boolean placementGiven, boolean rolloutGiven,
            boolean onPartitionGiven)
            implements
                AppUpdate {

        /** Of one that says nothing of partitions. */
        public Replacement(PathId id, App app, boolean placementGiven, boolean rolloutGiven) {
            this(id, app, placementGiven, rolloutGiven, false);
        }
    }

    /** The definition that the app had at a version. */
    record Rollback(PathId id, long versionMs) implements AppUpdate {}
}
