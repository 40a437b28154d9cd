package io.springtide.api.marathon;

/** What a client wants of a group and all that is in it. */
public sealed interface GroupUpdate {

    /** Which group. */
    PathId id();

    /** That it holds these apps and groups. */
    record Definition(Group group) implements GroupUpdate {
        @Override
        public PathId id() {
            return group.id();
        }
    }

    /** That it is again as it was at a version. */
    record Rollback(PathId id, long versionMs) implements GroupUpdate {}

    /**
     * That all its apps get so many times the instances they have.
     *
     * @param factor 0 or more
     */
    record ScaleBy(PathId id, double factor) implements GroupUpdate {

        /** How many instances an app gets that has so many: rounded up, as Marathon does. */
        public int instancesOf(int instances) {
            // What is 3.3000000000000003 only because factors are binary fractions, was meant as 3.3.
            double wanted = Math.ceil(instances * factor - 1e-9);
            return (int) Math.min(Integer.MAX_VALUE, Math.max(0, wanted));
        }
    }

    /** That what is in it runs in the role of its name, or no longer has to. */
    record EnforceRole(PathId id, boolean enforced) implements GroupUpdate {}
}
