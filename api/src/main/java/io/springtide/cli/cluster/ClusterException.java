package io.springtide.cli.cluster;

/** The local cluster cannot start or go on; the message says what is wrong. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean configuration;
    private final String fix;

    private ClusterException(boolean configuration, String what, String fix) {
        super(what);
        this.configuration = configuration;
        this.fix = fix;
    }

    static ClusterException setting(String what, String fix) {
        return new ClusterException(true, what, fix);
    }

    static ClusterException failure(String what, String fix) {
        return new ClusterException(false, what, fix);
    }

    /** True if another setting would help: a port, a folder. */
    public boolean configuration() {
        return configuration;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
