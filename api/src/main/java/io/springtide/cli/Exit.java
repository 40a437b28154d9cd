package io.springtide.cli;

/** Exit codes of {@code tide}. They are part of its interface: never renumbered, only added to. */
public enum Exit {
    OK(0, "done"), //
    FAILED(1, "something failed that has no code of its own"), //
    USAGE(2, "the command line makes no sense"), //
    NOT_FOUND(3, "no such app, task, version or deployment"), //
    CONFLICT(4, "it exists already, or a deployment locks it"), //
    NO_LOGIN(5, "the master wants credentials"), //
    FORBIDDEN(6, "not allowed"), //
    INVALID(7, "the master refused the definition"), //
    TIMEOUT(8, "waited long enough; the work goes on in the cluster"), //
    DEPLOYMENT_FAILED(9, "the deployment ended without reaching its goal"), //
    UNREACHABLE(10, "no master answers, or none leads"), //
    NO_ROOM(11, "waited, and no agent has room for what is missing"), //
    MISSING(69, "no suitable Java, or the build failed (from the launcher)"), //
    TEMPORARY(75, "the master is busy; try again"), //
    CONFIGURATION(78, "a setting is wrong: an address, a port in use, a data folder in use"), //
    INTERRUPTED(130, "Ctrl-C; deployments go on");

    private final int code;
    private final String meaning;

    Exit(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** What the process exits with. */
    public int code() {
        return code;
    }

    /** In a few words, for people. */
    public String meaning() {
        return meaning;
    }
}
