package io.springtide.cli;

import io.springtide.api.client.TideClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to a master. */
abstract class ApiCommand implements Callable<Integer> {
    final Terminal terminal;

    @Mixin
    final Shell shell = new Shell();

    ApiCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public final Integer call() {
        return run(shell.client(terminal)).code();
    }

    abstract Exit run(TideClient client);

    /** A group id as the master writes it; nothing and / are the root. */
    static String groupId(String typed) {
        String id = typed.strip();
        while (id.endsWith("/")) {
            id = id.substring(0, id.length() - 1);
        }
        return id.startsWith("/") ? id : "/" + id;
    }

    /** An app id as the master writes it, whatever the user left out. */
    static String appId(String typed) {
        String id = typed.strip();
        while (id.endsWith("/")) {
            id = id.substring(0, id.length() - 1);
        }
        if (id.isEmpty()) {
            throw new CliException(Exit.USAGE, "The app's id is empty.",
                    "See the apps with: tide app list");
        }
        return id.startsWith("/") ? id : "/" + id;
    }
}
