package io.springtide.api.backup;

/** A file is no whole backup; the message says what is wrong with it and what to do. */
public final class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public BackupException(String message) {
        super(message);
    }
}
