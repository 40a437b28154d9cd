package io.springtide.agent.runtime.pod;

/**
 * The numbers under which a runtime knows the containers of a pod: the instance's own, and in its
 * upper byte, which the master does not come to use, the place of the container.
 */
public final class ContainerIds {

    /** One byte; far more than a pod has. */
    public static final int CONTAINERS_MAX = 64;
    private static final int SHIFT = 56;
    private static final long INSTANCE_MASK = (1L << SHIFT) - 1;

    private ContainerIds() {}

    /** Whether the instances of a pod of this size can be told apart from all others. */
    public static boolean fit(long instanceId, int containers) {
        return (instanceId & ~INSTANCE_MASK) == 0 && containers <= CONTAINERS_MAX;
    }

    /** The number of a container; that of the first is the instance's. */
    public static long of(long instanceId, int index) {
        return instanceId | (long) index << SHIFT;
    }

    /** The instance to which a number belongs. */
    static long instance(long id) {
        return id & INSTANCE_MASK;
    }

    /** The place of the container to which a number belongs. */
    static int index(long id) {
        return (int) (id >>> SHIFT);
    }
}
