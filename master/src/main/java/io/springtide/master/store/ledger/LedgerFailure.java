package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import java.util.function.Supplier;

/** Words for what a ledger could not do. */
final class LedgerFailure {

    private LedgerFailure() {}

    /** Runs a call and has a failure of the ledger say what it was for. */
    static <T> T explain(String what, Ledger ledger, Supplier<T> call) {
        try {
            return call.get();
        } catch (LedgerException e) {
            throw of(what, ledger, e);
        }
    }

    static JournalException of(String what, Ledger ledger, LedgerException e) {
        String advice = switch (e.kind()) {
            case FENCED -> "another master leads now";
            case CONFLICT -> "somebody else has written there: no two clusters may share a path";
            case UNREACHABLE, UNKNOWN -> "see that the store is up and can be reached from here";
            case REFUSED -> "see to what the store complains about";
        };
        return new JournalException("cannot " + what + " the journal in " + ledger.name() + " ("
                + e.getMessage() + "): " + advice, e);
    }
}
