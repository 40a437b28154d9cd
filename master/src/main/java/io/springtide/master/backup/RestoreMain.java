package io.springtide.master.backup;

import io.springtide.api.backup.BackupException;
import io.springtide.api.backup.BackupFile;
import io.springtide.api.backup.BackupFile.Backup;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.store.Store;
import io.springtide.master.store.StoreUri;
import io.springtide.master.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tide restore --from FILE --store URI}: a backup becomes the beginning of a store. */
@Command(name = "tide restore", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Puts a backup into an empty store, before any master is started with it.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:the store holds the backup", "2:a wrong option",
                "74:the backup is damaged, or the store cannot be used; nothing was replaced"})
@SuppressWarnings("NullAway.Init") // options are set by picocli
public final class RestoreMain implements Callable<Integer> {

    static final int EXIT_REFUSED = 74;
    static final int EXIT_USAGE = 2;

    @Option(names = "--from", required = true, paramLabel = "FILE",
            description = "The backup, as tide backup made it.")
    private Path from;

    @Option(names = "--store", required = true, paramLabel = "URI",
            description = "The store: file:DIR, zk://HOST:PORT,.../PATH or"
                    + " etcd://HOST:PORT,.../PREFIX. It must be empty.")
    private String store;

    @Option(names = "--over-agents",
            description = "Do not wait for a person when masters start: what agents run and the backup"
                    + " does not know is ended at once, what it knows and is gone is replaced.")
    private boolean overAgents;

    @Option(names = "--force",
            description = "If the folder of file:DIR holds a journal, keep that one under another name.")
    private boolean force;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RestoreMain()).setUsageHelpAutoWidth(true)
                .execute(arguments));
    }

    @Override
    public Integer call() {
        StoreUri uri;
        try {
            uri = StoreUri.parse(store);
        } catch (IllegalArgumentException wrong) {
            return fail(EXIT_USAGE, wrong.getMessage());
        }
        try {
            restore(uri);
            return 0;
        } catch (IOException unreadable) {
            return fail(EXIT_REFUSED, "cannot read " + from + ": " + unreadable);
        } catch (BackupException damaged) {
            return fail(EXIT_REFUSED, from + ": " + damaged.getMessage());
        } catch (JournalException refused) {
            return fail(EXIT_REFUSED, refused.getMessage());
        }
    }

    private void restore(StoreUri uri) throws IOException {
        Backup backup = BackupFile.read(from);
        long nowMs = System.currentTimeMillis();
        JournalSeed seed = Restorer.seed(backup, !overAgents, nowMs);
        say(from + " is whole: cluster " + backup.header().clusterText() + ", made "
                + backup.header().time() + " at position " + backup.header().position()
                + ", epoch " + backup.header().epoch() + ", by version "
                + backup.header().version());
        Optional<Path> aside = Stores.restore(uri, seed, force, nowMs);
        aside.ifPresent(old -> say("the journal that was there is now " + old));
        try (Store restored = Stores.open(uri)) {
            Replay found = Restorer.check(restored, seed);
            say(uri + " holds it now: " + found.state().apps().size() + " apps, "
                    + found.state().instanceCount() + " instances, "
                    + found.state().agents().size() + " agents; epochs go on after "
                    + seed.first().epoch());
        }
        say(overAgents
                ? "Start the masters. They end what agents run and the backup does not know."
                : "Start the masters. They change nothing until all agents have what the backup says,"
                        + " or somebody says so: tide restore --status, tide restore --confirm");
    }

    private static void say(String sentence) {
        System.err.println(sentence);
    }

    private static int fail(int code, @Nullable String sentence) {
        System.err.println("tide restore: " + sentence);
        return code;
    }
}
