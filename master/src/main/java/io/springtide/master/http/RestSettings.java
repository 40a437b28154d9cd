package io.springtide.master.http;

import io.springtide.api.marathon.ServerSettings;
import io.springtide.master.config.MasterConfig;
import java.util.Map;
import java.util.Set;

/**
 * Where and as what the REST server listens.
 *
 * @param host address to bind; a loopback one unless {@code insecureBind}
 * @param port 0 takes any free one
 * @param insecureBind the operator knows that everybody who reaches the address may do everything
 * @param version of this software, for {@code /v2/info} and the metrics
 * @param commit of the source it was built from; {@code unknown} if nobody said
 * @param dialect what the rules for definitions depend on
 * @param flags the options the server runs with, in their order, for {@code /config}
 */
public record RestSettings(String host, int port, boolean insecureBind, String version,
        String commit, ServerSettings dialect, Map<String, String> flags) {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "::1", "[::1]",
            "0:0:0:0:0:0:0:1");

    /** Refuses an address that others can reach, unless that is what the operator wants. */
    public RestSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (!insecureBind && !isLoopback(host)) {
            throw new IllegalArgumentException("the address " + host
                    + " can be reached from other machines, and requests are not authenticated:"
                    + " use 127.0.0.1, or say --insecure-bind if you know what you do");
        }
    }

    /** With Marathon's rules as they are if nothing is said, and no options to show. */
    public RestSettings(String host, int port, boolean insecureBind, String version,
            String commit) {
        this(host, port, insecureBind, version, commit, MasterConfig.PLAIN_DIALECT, Map.of());
    }

    /** On the loopback address, for this machine only. */
    public static RestSettings loopback(int port) {
        return new RestSettings("127.0.0.1", port, false, "unknown", "unknown");
    }

    /** Whether only this machine can reach a server there. Never asks a name server. */
    static boolean isLoopback(String host) {
        return LOOPBACK_NAMES.contains(host) || host.matches("127(\\.\\d{1,3}){3}");
    }
}
