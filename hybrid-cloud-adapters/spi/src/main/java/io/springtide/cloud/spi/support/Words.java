package io.springtide.cloud.spi.support;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which words of a service may stand in the configuration of a load balancer. Apps' labels are foreign
 * text: what is not plainly harmless everywhere is refused rather than quoted.
 */
public final class Words {

    private static final Pattern HOST = Pattern
            .compile("(\\*\\.)?[a-z0-9_][a-z0-9_-]*(\\.[a-z0-9_][a-z0-9_-]*)*+");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&()*+,=:@%/-]*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~:/@+=,%-]{1,200}");
    private static final int HOST_MAX = 253;
    private static final int PATH_MAX = 1_000;
    private static final Pattern ENDPOINT = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final int READABLE_MAX = 40;
    private static final int SHOWN_MAX = 80;
    private static final int SENTENCES_MAX = 3;

    private Words() {}

    /** Of a virtual host, lower case; with or without {@code *.} in front. */
    public static boolean host(String host) {
        return host.length() <= HOST_MAX && HOST.matcher(host).matches();
    }

    /** That begins with a slash and has characters of a URL. */
    public static boolean path(String path) {
        return path.length() <= PATH_MAX && PATH.matcher(path).matches();
    }

    /** Of a cookie or a header. */
    public static boolean name(String name) {
        return NAME.matcher(name).matches();
    }

    /** Of a cookie or a header. */
    public static boolean value(String value) {
        return VALUE.matcher(value).matches();
    }

    /** A name for a service: one that people recognise, and that no other service has. */
    public static String named(String prefix, String service) {
        String readable = service.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-", "");
        return prefix + readable.substring(0, Math.min(READABLE_MAX, readable.length())) + "_"
                + digest(service).substring(0, 12);
    }

    /** SHA-256, in hexadecimal digits. */
    public static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** For a sentence: foreign text without what could break a log's line. */
    public static String shown(String text) {
        String clean = text.replaceAll("[^ -~]", "?");
        return clean.length() <= SHOWN_MAX ? clean : clean.substring(0, SHOWN_MAX) + "...";
    }

    /** Sentences as one, the first ones only. */
    public static String said(List<String> sentences) {
        String first = String.join(". ", sentences.stream().limit(SENTENCES_MAX).toList());
        int more = sentences.size() - SENTENCES_MAX;
        return more > 0 ? first + ". And " + more + " more" : first;
    }

    /**
     * The address of a host, in digits; the first one of IPv4 if there is one. May ask the name service.
     *
     * @throws UnknownHostException if there is none
     */
    public static String address(String host) throws UnknownHostException {
        if (!ENDPOINT.matcher(host).matches()) {
            throw new UnknownHostException("'" + shown(host) + "' is no host name");
        }
        InetAddress[] found = InetAddress.getAllByName(host);
        return Arrays.stream(found).filter(a -> a instanceof Inet4Address).findFirst()
                .orElse(found[0]).getHostAddress();
    }
}
