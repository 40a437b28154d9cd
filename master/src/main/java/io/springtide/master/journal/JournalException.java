package io.springtide.master.journal;

/** The journal cannot be read or written; the message says where and what to do. */
public class JournalException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
