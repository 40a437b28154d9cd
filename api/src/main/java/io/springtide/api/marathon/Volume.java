package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Something mounted into a container. */
public sealed interface Volume {

    /** Where it appears in the container. */
    String containerPath();

    /** Who may write. */
    enum Mode implements Literal {
        /** Nobody. */
        RO,
        /** The task. */
        RW;

        @Override
        public String json() {
            return name();
        }
    }

    /** A directory of the agent, which is nobody's property. */
    record Host(String containerPath, String hostPath, Mode mode) implements Volume {}

    /** Disk reserved on an agent that outlives the task; ties the instance to that agent. */
    record Persistent(String containerPath, Mode mode, DiskType type, long sizeMib,
            OptionalLong maxSizeMib, Optional<String> profileName, List<Constraint> constraints)
            implements
                Volume {
        /** Keeps its own copy. */
        public Persistent {
            constraints = List.copyOf(constraints);
        }
    }

    /**
     * A volume of a storage provider.
     *
     * @param optionsJson a JSON object for the provider, its keys in order
     */
    record External(String containerPath, Mode mode, String provider, Optional<String> name,
            OptionalInt sizeGib, String optionsJson, boolean shared) implements Volume {}

    /** The content of a secret as a file. */
    record SecretFile(String containerPath, String secret) implements Volume {}

    /** What a persistent volume is cut from. */
    enum DiskType implements Literal {
        /** The agent's main disk. */
        ROOT("root"),
        /** A directory on another disk. */
        PATH("path"),
        /** A whole disk. */
        MOUNT("mount");

        private final String json;

        DiskType(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }
}
