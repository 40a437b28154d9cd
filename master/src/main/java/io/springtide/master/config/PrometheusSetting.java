package io.springtide.master.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The Prometheus that queries of autoscaling policies are asked of.
 *
 * @param address without a slash at its end; {@code /api/v1/query} goes behind it
 * @param tokenFile holds a bearer token; read anew for each query, so that it may be renewed
 */
public record PrometheusSetting(URI address, Optional<Path> tokenFile) {

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is none of HTTP, with a sentence
     */
    public static PrometheusSetting parse(String text, Optional<Path> tokenFile) {
        String plain = text.strip();
        while (plain.endsWith("/")) {
            plain = plain.substring(0, plain.length() - 1);
        }
        try {
            URI address = new URI(plain);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https")) && address.getHost() != null
                    && address.getRawQuery() == null && address.getRawFragment() == null
                    && address.getRawUserInfo() == null) {
                return new PrometheusSetting(address, tokenFile);
            }
        } catch (URISyntaxException broken) {
            throw new IllegalArgumentException(refusal(text), broken);
        }
        throw new IllegalArgumentException(refusal(text));
    }

    private static String refusal(String text) {
        return "--prometheus " + text + ": write an address as http://HOST:9090, without a query"
                + " and without a password (a token comes from --prometheus-token-file)";
    }
}
