package io.springtide.master.store;

import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A folder of this machine: one master, which leads from its start to its end. */
public final class FileStore implements Store {

    private final Path data;
    private final FileJournal journal;
    private final Sole election = new Sole();
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().name("election").daemon(true).factory());

    private FileStore(Path data, FileJournal journal) {
        this.data = data;
        this.journal = journal;
    }

    /**
     * Opens the folder, and creates it if need be.
     *
     * @throws JournalException if another master uses the folder, or the journal is damaged
     */
    public static FileStore open(Path data) {
        return new FileStore(data, FileJournal.open(data, JournalConfig.STANDARD));
    }

    /** What an operator should know about the folder, a sentence each. */
    public List<String> findings() {
        return journal.findings();
    }

    @Override
    public String clusterId() {
        return journal.clusterId();
    }

    @Override
    public Log log() {
        return journal;
    }

    @Override
    public Election election() {
        return election;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public String name() {
        return "file:" + data;
    }

    @Override
    public void close() {
        thread.shutdown();
        journal.close();
    }

    /** There is nobody else: the folder's lock has settled it already. */
    private final class Sole implements Election {

        private volatile @Nullable Leader leader;

        @Override
        public void campaign(Addresses self, Candidate candidate) {
            thread.execute(() -> reign(self, candidate));
        }

        private void reign(Addresses at, Candidate elected) {
            long epoch = journal.epochNext();
            leader = new Leader(epoch, at);
            elected.elected(new Reign(epoch, journal));
        }

        @Override
        public Optional<Leader> leader() {
            return Optional.ofNullable(leader);
        }

        /** There is nobody to hand over to. */
        @Override
        public void resign() {}
    }
}
