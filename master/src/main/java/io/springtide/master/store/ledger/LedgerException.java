package io.springtide.master.store.ledger;

/** A ledger did not do what it was asked; the message says of which store and why. */
public final class LedgerException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** What follows from it. */
    public enum Kind {
        /** Another reign has begun: nothing was changed, and nothing will be, ever again. */
        FENCED,
        /** A key exists that should not, or the other way round; nothing was changed. */
        CONFLICT,
        /** The store could not be asked; nothing was changed. */
        UNREACHABLE,
        /** The store was lost on the way: it may have happened or not. */
        UNKNOWN,
        /** The store refuses for a reason of its own, such as no space or no permission; nothing was changed. */
        REFUSED
    }

    private final Kind kind;
    private final String message;

    public LedgerException(Kind kind, String message) {
        super(message);
        this.kind = kind;
        this.message = message;
    }

    public LedgerException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    public Kind kind() {
        return kind;
    }
}
