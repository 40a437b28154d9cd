package io.springtide.cli;

/** Ends a command with an exit code and a message: what happened and why, and what to do about it. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Exit exit;
    private final String fix;

    /** The fix is the next step for the user; empty if there is none to name */
    public CliException(Exit exit, String what, String fix) {
        super(what);
        this.exit = exit;
        this.fix = fix;
    }

    /** The same with the cause, which {@code --debug} shows. */
    public CliException(Exit exit, String what, String fix, Throwable cause) {
        super(what, cause);
        this.exit = exit;
        this.fix = fix;
    }

    /** How the process ends. */
    public Exit exit() {
        return exit;
    }

    /** What to do; may be empty. */
    public String fix() {
        return fix;
    }
}
