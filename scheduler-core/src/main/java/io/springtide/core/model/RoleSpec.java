package io.springtide.core.model;

import io.springtide.core.Check;
import java.util.Optional;

/**
 * What a role is entitled to.
 *
 * @param weight two shares of a role with weight 2 weigh as much as one of a role with weight 1
 * @param guarantee others leave so much of the cluster free for it
 * @param limit it never holds more; amounts of {@link #UNLIMITED} do not count
 * @param scorer ranks agents for its apps that name no scorer themselves
 */
public record RoleSpec(String name, int weight, Resources guarantee, Optional<Resources> limit,
        Optional<String> scorer) {

    /** No limit in this resource. */
    public static final long UNLIMITED = Resources.AMOUNT_MAX;
    public static final int WEIGHT_MAX = 1_000;
    public static final int NAME_LENGTH_MAX = 255;

    public RoleSpec {
        Check.argument(!name.isEmpty() && name.length() <= NAME_LENGTH_MAX,
                "a role's name has 1 to 255 characters");
        Check.argument(weight >= 1 && weight <= WEIGHT_MAX,
                "the weight of role " + name + " lies within 1 and 1000");
        Check.argument(guarantee.gpuShareMilli() == 0
                && limit.map(Resources::gpuShareMilli).orElse(0) == 0,
                "quota of role " + name + " counts whole GPUs");
        Check.argument(limit.isEmpty() || within(guarantee, limit.get()),
                "role " + name + " is guaranteed more than its limit allows");
    }

    /** What a role is entitled to that nobody has configured. */
    public static RoleSpec plain(String name) {
        return new RoleSpec(name, 1, Resources.NONE, Optional.empty(), Optional.empty());
    }

    private static boolean within(Resources small, Resources large) {
        return small.cpusMilli() <= large.cpusMilli() && small.memMib() <= large.memMib()
                && small.diskMib() <= large.diskMib() && small.gpus() <= large.gpus();
    }
}
