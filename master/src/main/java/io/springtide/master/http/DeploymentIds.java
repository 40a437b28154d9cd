package io.springtide.master.http;

import java.util.HexFormat;
import java.util.OptionalLong;

/** Deployment ids as clients see them: a UUID of the cluster's id and the deployment's number. */
public final class DeploymentIds {

    private static final int UUID_LENGTH = 36;

    private DeploymentIds() {}

    /**
     * The id of a deployment.
     *
     * @param clusterId sixteen hexadecimal digits
     */
    public static String text(String clusterId, long number) {
        String hex = HexFormat.of().toHexDigits(number);
        return clusterId.substring(0, 8) + '-' + clusterId.substring(8, 12) + '-'
                + clusterId.substring(12, 16) + '-' + hex.substring(0, 4) + '-' + hex.substring(4);
    }

    /** The number behind an id; empty if it is not one of this cluster. */
    public static OptionalLong number(String clusterId, String id) {
        if (id.length() != UUID_LENGTH) {
            return OptionalLong.empty();
        }
        String digits = id.substring(19, 23) + id.substring(24);
        if (!digits.chars().allMatch(HexFormat::isHexDigit)) {
            return OptionalLong.empty();
        }
        long number = HexFormat.fromHexDigitsToLong(digits);
        return text(clusterId, number).equalsIgnoreCase(id)
                ? OptionalLong.of(number)
                : OptionalLong.empty();
    }
}
