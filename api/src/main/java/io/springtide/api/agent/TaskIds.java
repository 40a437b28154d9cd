package io.springtide.api.agent;

import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Task and instance ids in Marathon's form, built from the number of an instance and back.
 *
 * <p>{@code /shop/cart} in cluster {@code 5f0c9e1ad2b34c77}, instance 42 gives
 * {@code shop_cart.instance-5f0c9e1a-d2b3-4c77-0000-00000000002a._app.1}. A pod has a task for each
 * container, with the container's name in the place of {@code _app}.
 */
public final class TaskIds {

    private static final String INSTANCE = ".instance-";
    private static final String TASK_SUFFIX = "._app.1";
    private static final String FIRST_RUN = ".1";
    private static final int UUID_LENGTH = 36;
    /** Its sixteen digits and the two dashes between them. */
    private static final int CLUSTER_LENGTH = 18;
    private static final int CONTAINER_LENGTH_MAX = 63;

    private TaskIds() {}

    /**
     * The part that all instances of an app share.
     *
     * @param appId with its leading slash
     * @param clusterId sixteen hexadecimal digits
     */
    public static String prefix(String appId, String clusterId) {
        if (clusterId.length() != 16) {
            throw new IllegalArgumentException(
                    "a cluster id has 16 hexadecimal digits: " + clusterId);
        }
        return appId.substring(1).replace('/', '_') + INSTANCE + clusterId.substring(0, 8) + '-'
                + clusterId.substring(8, 12) + '-' + clusterId.substring(12, 16) + '-';
    }

    /** The id of an instance, from {@link #prefix} and its number. */
    public static String instanceId(String prefix, long instance) {
        String hex = HexFormat.of().toHexDigits(instance);
        return prefix + hex.substring(0, 4) + '-' + hex.substring(4);
    }

    /** The id of the task of an instance. */
    public static String taskId(String prefix, long instance) {
        return instanceId(prefix, instance) + TASK_SUFFIX;
    }

    /** The id of the task that one container of a pod's instance is. */
    public static String taskId(String prefix, long instance, String container) {
        return instanceId(prefix, instance) + '.' + container + FIRST_RUN;
    }

    /** The number of the instance that a task or instance id names; empty if it is not one of ours. */
    public static OptionalLong instanceNumber(String taskOrInstanceId) {
        int at = taskOrInstanceId.lastIndexOf(INSTANCE);
        if (at < 0 || taskOrInstanceId.length() < at + INSTANCE.length() + UUID_LENGTH) {
            return OptionalLong.empty();
        }
        int uuid = at + INSTANCE.length();
        String rest = taskOrInstanceId.substring(uuid + UUID_LENGTH);
        String number = taskOrInstanceId.substring(uuid + 19, uuid + 23)
                + taskOrInstanceId.substring(uuid + 24, uuid + UUID_LENGTH);
        if (!(rest.isEmpty() || rest.equals(TASK_SUFFIX) || containerOf(rest).isPresent())
                || !number.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseUnsignedLong(number, 16));
    }

    /** The cluster that a task or instance id names; empty if it is not one of ours. */
    public static Optional<String> clusterId(String taskOrInstanceId) {
        if (instanceNumber(taskOrInstanceId).isEmpty()) {
            return Optional.empty();
        }
        int uuid = taskOrInstanceId.lastIndexOf(INSTANCE) + INSTANCE.length();
        return Optional
                .of(taskOrInstanceId.substring(uuid, uuid + CLUSTER_LENGTH).replace("-", ""));
    }

    /** The container of a pod that a task id names; empty if it names an instance or the task of an app. */
    public static Optional<String> container(String taskOrInstanceId) {
        int rest = taskOrInstanceId.lastIndexOf(INSTANCE) + INSTANCE.length() + UUID_LENGTH;
        return instanceNumber(taskOrInstanceId).isEmpty()
                ? Optional.empty()
                : containerOf(taskOrInstanceId.substring(rest));
    }

    /** Behind an instance's id: a dot and a container's name, with or without the count of its runs. */
    private static Optional<String> containerOf(String rest) {
        if (!rest.startsWith(".")) {
            return Optional.empty();
        }
        String name = rest.endsWith(FIRST_RUN) && rest.length() > FIRST_RUN.length()
                ? rest.substring(1, rest.length() - FIRST_RUN.length())
                : rest.substring(1);
        boolean isName = !name.isEmpty() && name.length() <= CONTAINER_LENGTH_MAX
                && name.chars().allMatch(
                        c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
        return isName ? Optional.of(name) : Optional.empty();
    }
}
