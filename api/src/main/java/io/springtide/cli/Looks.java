package io.springtide.cli;

import io.springtide.api.client.EventStream;
import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;

/**
 * Looks at the same thing again every second, for {@code --watch}. Masters that are away or just changing
 * do not end it: it is tried as often, and with such pauses, as for the {@link EventStream}, which is for
 * about a minute.
 */
final class Looks {
    private static final long LOOK_MS = 1_000;
    private static final long PAUSE_MS_MAX = 5_000;

    private final Terminal terminal;
    private final TideClient client;
    private final String path;

    Looks(Terminal terminal, TideClient client, String path) {
        this.terminal = terminal;
        this.client = client;
        this.path = path;
    }

    /** How it is now. @throws TideException if that cannot be said */
    Json first() {
        return client.get(path).body();
    }

    /** How it is a second later. @throws TideException if it is refused, or no master answers any more */
    Json next() {
        DeploymentWatch.pause(LOOK_MS);
        for (int attempts = 0;; attempts++) {
            try {
                return first();
            } catch (TideException.Refused refused) {
                if (refused.status() < 500 || attempts >= EventStream.ATTEMPTS_MAX) {
                    throw refused;
                }
                complain(attempts, refused);
            } catch (TideException.Unreachable gone) {
                if (attempts >= EventStream.ATTEMPTS_MAX) {
                    throw gone;
                }
                complain(attempts, gone);
            }
            DeploymentWatch.pause(Math.min(PAUSE_MS_MAX, 100L << Math.min(attempts, 10)));
        }
    }

    private void complain(int attempts, TideException trouble) {
        if (attempts == 0) {
            terminal.say(trouble.getMessage() + "\n  Still trying; Ctrl-C ends it.");
        }
    }
}
