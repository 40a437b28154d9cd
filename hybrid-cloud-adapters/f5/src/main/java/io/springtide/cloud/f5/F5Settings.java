package io.springtide.cloud.f5;

import io.springtide.cloud.spi.support.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    private static final List<String> KNOWN = List.of("url", "user", "password-file", "ca-file",
            "verify", "login-provider", "tenant", "virtual-address", "http-port", "groups",
            "pools-per-second", "sticky-idle-seconds");

    F5Settings {
        virtualAddresses = List.copyOf(virtualAddresses);
        groups = List.copyOf(groups);
    }

    /**
     * Reads what the operator wrote.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static F5Settings of(Map<String, String> given) {
        Settings settings = new Settings(F5Driver.NAME, given, KNOWN);
        URI url = url(settings.text("url", ""));
        String verify = settings.text("verify", "true");
        settings.require(verify.matches("true|false"),
                "verify is true or false, not '" + verify + "'");
        String tenant = settings.text("tenant", "springtide");
        settings.require(
                tenant.matches("[A-Za-z][0-9A-Za-z_]{0,62}") && !tenant.equals("Common"),
                "tenant is a letter, and then letters, digits and '_', and not Common; it is '"
                        + tenant + "'");
        // AS3 refuses an address that is there twice.
        List<String> addresses = settings.words("virtual-address", "", ",").stream().distinct()
                .toList();
        settings.require(!addresses.isEmpty()
                && addresses.stream().allMatch(a -> a.matches("[0-9A-Fa-f.:]+")),
                "virtual-address is where services are reached, e.g. 10.0.1.10; several with"
                        + " commas between");
        return new F5Settings(url, settings.needed("user"),
                Path.of(settings.needed("password-file")), settings.file("ca-file"),
                Boolean.parseBoolean(verify), settings.text("login-provider", "tmos"), tenant,
                addresses, settings.number("http-port", 80, 1, 65_535),
                settings.words("groups", "", ","),
                settings.number("pools-per-second", 20, 1, 1_000),
                settings.number("sticky-idle-seconds", 30, 0, 86_400));
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
}
