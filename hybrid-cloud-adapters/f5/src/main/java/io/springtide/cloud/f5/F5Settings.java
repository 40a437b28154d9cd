package io.springtide.cloud.f5;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What an operator says about a BIG-IP.
 *
 * @param url of its management, e.g. {@code https://bigip.example:443}
 * @param user who logs in
 * @param passwordFile whose first line is the password; read at every login, so that it can be changed
 * @param caFile certificates in PEM by which the BIG-IP is known; empty = those of the JDK
 * @param verify whether its certificate is looked at
 * @param loginProvider which of the BIG-IP's authentication sources knows the user
 * @param tenant AS3's tenant that the driver owns, one for each cluster
 * @param virtualAddresses on which services are reached
 * @param httpPort of the virtual server that all virtual hosts share
 * @param groups which services are meant; empty = all
 * @param poolsPerSecond so many pools are asked for their counters in a second at most
 * @param stickyIdleSeconds so long a client bound to an endpoint is expected back
 */
record F5Settings(URI url, String user, Path passwordFile, Optional<Path> caFile, boolean verify,
        String loginProvider, String tenant, List<String> virtualAddresses, int httpPort,
        List<String> groups, int poolsPerSecond, int stickyIdleSeconds) {

    private static final TreeSet<String> KNOWN = new TreeSet<>(List.of("url", "user",
            "password-file", "ca-file", "verify", "login-provider", "tenant", "virtual-address",
            "http-port", "groups", "pools-per-second", "sticky-idle-seconds"));

    F5Settings {
        virtualAddresses = List.copyOf(virtualAddresses);
        groups = List.copyOf(groups);
    }

    /**
     * Reads what the operator wrote.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static F5Settings of(Map<String, String> settings) {
        for (String name : settings.keySet()) {
            require(KNOWN.contains(name), "f5: there is no setting '" + name + "'; there are "
                    + String.join(", ", KNOWN));
        }
        URI url = url(settings.getOrDefault("url", ""));
        String verify = settings.getOrDefault("verify", "true");
        require(verify.matches("true|false"), "f5: verify is true or false, not '" + verify + "'");
        String tenant = settings.getOrDefault("tenant", "springtide");
        require(tenant.matches("[A-Za-z][0-9A-Za-z_]{0,62}") && !tenant.equals("Common"),
                "f5: tenant is a letter, and then letters, digits and '_', and not Common; it is '"
                        + tenant + "'");
        List<String> addresses = words(settings.getOrDefault("virtual-address", ""));
        require(!addresses.isEmpty()
                && addresses.stream().allMatch(a -> a.matches("[0-9A-Fa-f.:]+")),
                "f5: virtual-address is where services are reached, e.g. 10.0.1.10; several with"
                        + " commas between");
        String provider = settings.getOrDefault("login-provider", "tmos");
        return new F5Settings(url, needed(settings, "user"),
                Path.of(needed(settings, "password-file")),
                Optional.ofNullable(settings.get("ca-file")).map(Path::of),
                Boolean.parseBoolean(verify), provider, tenant, addresses,
                number(settings, "http-port", 80, 1, 65_535),
                words(settings.getOrDefault("groups", "")),
                number(settings, "pools-per-second", 20, 1, 1_000),
                number(settings, "sticky-idle-seconds", 30, 0, 86_400));
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text.replaceAll("/+$", ""));
            String host = String.valueOf(url.getHost());
            boolean local = host.equals("127.0.0.1") || host.equals("localhost");
            boolean secure = "https".equals(url.getScheme()) && url.getHost() != null
                    && url.getUserInfo() == null;
            if (secure || ("http".equals(url.getScheme()) && local)) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("f5: url is no URL: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("f5: url is that of the BIG-IP's management, https and"
                + " without a user in it, e.g. https://bigip.example");
    }

    private static String needed(Map<String, String> settings, String name) {
        String value = settings.getOrDefault(name, "");
        require(!value.isBlank(), "f5: " + name + " is missing");
        return value;
    }

    private static int number(Map<String, String> settings, String name, int otherwise, int min,
            int max) {
        String value = settings.getOrDefault(name, Integer.toString(otherwise));
        boolean number = value.matches("[0-9]{1,9}");
        require(number && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max,
                "f5: " + name + " is a number from " + min + " to " + max + ", not '" + value
                        + "'");
        return Integer.parseInt(value);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip).filter(w -> !w.isEmpty())
                .toList();
    }

    private static void require(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
