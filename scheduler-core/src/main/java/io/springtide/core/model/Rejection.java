package io.springtide.core.model;

/** Why an agent cannot take an instance: its first veto. The order is part of the journal's format. */
public enum Rejection {
    /** The agent is suspect or unreachable. */
    AGENT_SILENT("silent agents"),
    /** The agent cannot run this kind of task. */
    RUNTIME("agents without the runtime"), CPUS("agents short of cpu"), MEMORY(
            "agents short of memory"), DISK("agents short of disk"), GPUS(
                    "agents short of gpus"), PORTS("agents without free ports");

    private final String text;

    Rejection(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}
