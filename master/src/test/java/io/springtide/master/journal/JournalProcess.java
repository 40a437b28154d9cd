package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A master in small: opens the journal of a folder, says so, then commits until it is killed and
 * prints each position that it has confirmed.
 */
final class JournalProcess {

    private JournalProcess() {}

    /**
     * Runs it.
     *
     * @param args the data folder, and how many batches to commit
     */
    public static void main(String[] args) throws IOException {
        try (FileJournal journal = FileJournal.open(Path.of(args[0]),
                new JournalConfig(64 << 10, 16 << 10))) {
            long epoch = journal.epochNext();
            System.out.println("open " + ProcessHandle.current().pid());
            for (int i = Integer.parseInt(args[1]); i > 0; i--) {
                Batches.append(journal, epoch, 1 + i % 7);
                Batches.commit(journal, epoch, 1 + i % 50);
                System.out.println(journal.positionCommitted());
            }
            // Until the parent lets go.
            int end = System.in.read();
            System.out.println("closed " + end);
        } catch (JournalException e) {
            System.out.println("refused " + e.getMessage());
        }
    }
}
