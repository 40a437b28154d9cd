package io.springtide.cli;

import io.springtide.api.backup.BackupException;
import io.springtide.api.backup.BackupFile;
import io.springtide.api.backup.BackupHeader;
import io.springtide.api.client.TideClient;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tide backup}: the whole state of a running cluster in a file. */
@Command(name = "backup", //
        description = "Write the whole state of a running cluster to a file.", //
        footer = {"", "Any master makes one, also one that does not lead. Examples:",
                "  tide backup --to shop.tideback",
                "  tide restore --from shop.tideback --store zk://z1:2181,z2:2181/springtide"})
final class BackupCommand extends ApiCommand {
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final double MIB = 1 << 20;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "The file.")
    private Path file = Path.of("");

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    private long saidNanos = System.nanoTime();

    BackupCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        try {
            if (!force && file.toFile().exists()) {
                throw new FileAlreadyExistsException(file.toString());
            }
            BackupHeader made = client.stream("/tide/v1/backup",
                    stream -> BackupFile.store(stream, file, force, this::come));
            terminal.say("Backup of cluster " + made.clusterText() + " at position "
                    + made.position() + ", epoch " + made.epoch() + ", " + made.payloadBytes()
                    + " bytes of state, made " + made.time() + ": " + file);
            return Exit.OK;
        } catch (FileAlreadyExistsException there) {
            throw new CliException(Exit.CONFLICT, file + " is there already.",
                    "Choose another name, or replace it with --force.", there);
        } catch (BackupException broken) {
            throw new CliException(Exit.FAILED, String.valueOf(broken.getMessage()),
                    "Nothing was stored. Ask again, or another master with --url.", broken);
        } catch (IOException failed) {
            throw new CliException(Exit.FAILED, "cannot write " + file + ": " + failed,
                    "See that its folder is there, may be written to, and has room.", failed);
        }
    }

    private void come(long bytes) {
        if (System.nanoTime() - saidNanos >= SAY_EVERY_NANOS) {
            saidNanos = System.nanoTime();
            terminal.say(Moments.amount(Math.floor(bytes / MIB)) + " MiB ...");
        }
    }
}
