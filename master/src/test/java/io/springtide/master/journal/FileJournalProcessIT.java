package io.springtide.master.journal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The journal between processes: one holder only, and a holder that is killed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FileJournalProcessIT {

    private static final int ROUNDS = 5;

    @TempDir
    Path data;

    private Process start(int batches) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"),
                JournalProcess.class.getName(), data.toString(), "" + batches)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    @Test
    void aSecondMasterInAnotherProcessIsRefusedAndToldWhoHoldsIt() throws Exception {
        Process holder = start(0);
        try (BufferedReader output = holder.inputReader()) {
            assertThat(output.readLine()).isEqualTo("open " + holder.pid());
            assertThatThrownBy(() -> FileJournal.open(data, JournalConfig.STANDARD))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("process " + holder.pid())
                    .hasMessageContaining(data.toString());
            holder.outputWriter().close();
            assertThat(output.readLine()).isEqualTo("closed -1");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        FileJournal.open(data, JournalConfig.STANDARD).close();
    }

    @Test
    void anAttemptFromThisProcessDoesNotFreeItsOwnLock() throws Exception {
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            assertThat(journal.isNew()).isTrue();
            assertThatThrownBy(() -> FileJournal.open(data, JournalConfig.STANDARD))
                    .isInstanceOf(JournalException.class);
            Process other = start(0);
            try (BufferedReader output = other.inputReader()) {
                assertThat(output.readLine()).startsWith("refused ")
                        .contains("process " + ProcessHandle.current().pid());
            } finally {
                other.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aKilledMasterLosesNothingThatItConfirmed() throws Exception {
        long confirmed = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Process victim = start(1_000_000);
            try (BufferedReader output = victim.inputReader()) {
                assertThat(output.readLine()).startsWith("open ");
                for (int i = 0; i < 100 * round; i++) {
                    confirmed = Long.parseLong(output.readLine());
                }
            } finally {
                victim.destroyForcibly().waitFor();
            }
            try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
                assertThat(journal.positionCommitted()).isGreaterThanOrEqualTo(confirmed);
                assertThat(journal.epoch()).isEqualTo(round);
                long[] due = {0};
                journal.read(0, batch -> {
                    Batch written = Batches.at(batch.epoch(), due[0], batch.count());
                    assertThat(Batches.text(batch)).isEqualTo(Batches.text(written));
                    due[0] = batch.positionEnd();
                });
                assertThat(due[0]).isEqualTo(journal.positionCommitted());
            }
        }
    }
}
