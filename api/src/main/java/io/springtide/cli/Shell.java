package io.springtide.cli;

import io.springtide.api.client.TideClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that talks to a master, and the client they describe. */
public final class Shell {
    /** Where {@code tide up} listens unless told otherwise. */
    public static final String URL_DEFAULT = "http://127.0.0.1:8080";

    @Option(names = "--url", //
            paramLabel = "URL", //
            description = "Master to talk to, or several, comma separated (TIDE_URL; default "
                    + URL_DEFAULT + ").")
    private String url = "";

    @Option(names = "--connect-timeout", //
            paramLabel = "SECONDS", //
            defaultValue = "5", //
            description = "Patience for a connection (default 5).")
    private int connectTimeoutSeconds = 5;

    @Option(names = "--read-timeout", //
            paramLabel = "SECONDS", //
            defaultValue = "30", //
            description = "Patience for an answer (default 30).")
    private int readTimeoutSeconds = 30;

    @Option(names = "--debug", description = "Show the stack trace of an error.")
    private boolean debug;

    @Mixin
    final HelpOption help = new HelpOption();

    /** True if errors should come with their stack. */
    boolean debug() {
        return debug;
    }

    /** The client. @throws CliException if the address makes no sense */
    TideClient client(Terminal terminal) {
        String text = url.isEmpty()
                ? terminal.environment().getOrDefault("TIDE_URL", URL_DEFAULT)
                : url;
        if (connectTimeoutSeconds < 1 || readTimeoutSeconds < 1 || connectTimeoutSeconds > 3600
                || readTimeoutSeconds > 3600) {
            throw new CliException(Exit.USAGE, "Timeouts are 1 to 3600 seconds.", "");
        }
        List<URI> addresses;
        try {
            addresses = TideClient.addresses(text);
        } catch (IllegalArgumentException broken) {
            String source = url.isEmpty() && terminal.environment().containsKey("TIDE_URL")
                    ? "TIDE_URL"
                    : "--url";
            throw new CliException(Exit.CONFIGURATION,
                    "The master's address is " + broken.getMessage() + ".",
                    "Set " + source + " to something like " + URL_DEFAULT + ".", broken);
        }
        return new TideClient(addresses, Duration.ofSeconds(connectTimeoutSeconds),
                Duration.ofSeconds(readTimeoutSeconds));
    }
}
