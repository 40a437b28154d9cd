package io.springtide.core.model;

/** Why an agent cannot take an instance: its first veto. The order is part of the journal's format. */
public enum Rejection {
    /** The agent is suspect or unreachable. */
    AGENT_SILENT("silent agents"),
    /** The agent cannot run this kind of task. */
    RUNTIME("agents without the runtime"), CPUS("agents short of cpu"), MEMORY(
            "agents short of memory"), DISK("agents short of disk"), GPUS(
                    "agents short of gpus"), PORTS("agents without free ports"),
    /** What it has left is reserved for other roles. */
    ROLE("agents reserved for others"),
    /** A constraint of the app does not hold there. */
    CONSTRAINT("agents ruled out by a constraint"),
    /** An affinity that is required does not hold there. */
    AFFINITY("agents ruled out by a required affinity"),
    /** Best-effort work finds no measured slack. */
    SLACK("agents without measured slack"),
    /** An app that has waited longer needs it. */
    HELD("agents held for an app that has waited longer"),
    /** The role's limit, or what others are guaranteed. */
    QUOTA("agents withheld by quota"),
    /** People have cordoned it, or it is being drained. */
    CORDONED("agents cordoned or drained");

    private final String text;

    Rejection(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
