package io.springtide.cloud.haproxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Which words of a service may stand in a configuration or on the socket. Apps' labels are foreign text:
 * what is not plainly harmless is refused rather than quoted.
 */
final class Words {

    private static final Pattern HOST = Pattern
            .compile("(\\*\\.)?[a-z0-9_][a-z0-9_-]*(\\.[a-z0-9_][a-z0-9_-]*)*+");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&()*+,=:@%/-]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~:/@+=,%-]{1,200}");
    private static final int HOST_MAX = 253;
    private static final int PATH_MAX = 1_000;
    private static final int READABLE_MAX = 40;

    private Words() {}

    static boolean host(String host) {
        return host.length() <= HOST_MAX && HOST.matcher(host).matches();
    }

    static boolean path(String path) {
        return path.length() <= PATH_MAX && PATH.matcher(path).matches();
    }

    /** Of a cookie or a header. */
    static boolean name(String name) {
        return NAME.matcher(name).matches();
    }

    /** Of a cookie or a header. */
    static boolean value(String value) {
        return VALUE.matcher(value).matches();
    }

    /** A service's name in HAProxy: one that people recognise, and that no other service has. */
    static String backend(String service) {
        String readable = service.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-", "");
        return "st_" + readable.substring(0, Math.min(READABLE_MAX, readable.length())) + "_"
                + digest(service).substring(0, 12);
    }

    /** SHA-256, in hexadecimal digits. */
    static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
