package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Words for a log that must not be used as it is: what is wrong, where, and what can be done. */
final class Damage {

    private static final String PAGE = "; docs/journal-format.md explains both";

    private Damage() {}

    /**
     * A record that was committed cannot be read.
     *
     * @param position of its first event
     * @param end position at which the next segment starts, or the end of the log
     * @param snapshot position of the newest whole one
     */
    static JournalException at(Path file, long offset, long position, String what, long end,
            OptionalLong snapshot) {
        String place = "the journal is damaged: " + file + ", byte " + offset + ": " + what
                + ". Nothing was changed. Restore " + file.getParent() + " from a backup; ";
        if (snapshot.isPresent() && snapshot.getAsLong() >= end) {
            return new JournalException(place + "or, since the snapshot at position "
                    + snapshot.getAsLong() + " holds all of this segment, move it and all older"
                    + " segments out of the folder and start again: no event is lost" + PAGE);
        }
        return new JournalException(place + "or give up event " + position
                + " and all after it: move newer segments, newer snapshots and the file 'committed' out"
                + " of the folder, run 'truncate -s " + offset + " " + file + "', start again"
                + PAGE);
    }

    /** Events between two segments, or before the first, are not there. */
    static JournalException gap(Path file, long from, long to, OptionalLong snapshot) {
        String covered = snapshot.isPresent() && snapshot.getAsLong() >= to
                ? "or, since the snapshot at position " + snapshot.getAsLong()
                        + " holds them, move all segments before " + file.getFileName()
                        + " out of the folder and start again"
                : "or look for the missing segment, whose name is "
                        + Segment.empty(file, from).file()
                                .getFileName();
        return new JournalException("the journal is damaged: events " + from + " to " + (to - 1)
                + " are missing before " + file + ". Nothing was changed. Restore "
                + file.getParent()
                + " from a backup; " + covered + PAGE);
    }

    /** A failed read or write, with what helps if the disk is full. */
    static JournalException io(String what, Path where, IOException cause) {
        String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        String advice = reason.contains("No space left") || reason.contains("quota")
                ? "the disk is full: make room, then start the master again"
                : "see that the folder is there and may be written to, look for disk errors in the"
                        + " kernel log, then start the master again";
        return new JournalException(
                "cannot " + what + " the journal in " + where + " (" + reason + "): "
                        + advice,
                cause);
    }
}
