package io.springtide.bench.sim;

import java.util.Locale;

/** What can be made to go wrong; the F-numbers are those of docs/reliability.md. */
enum FaultKind {
    /** F1: a master is killed and comes back. */
    MASTER_CRASH,
    /** F2: a master stands still, for longer than its session, and wakes up believing that it leads. */
    MASTER_PAUSE,
    /** F1 and F2: the leader stands still until all have gone to another, and that one dies as it wakes up. */
    FALSE_LEADER,
    /** F3: the leader has to step down. */
    STEP_DOWN,
    /** F4: nobody reaches the store. */
    STORE_OUTAGE,
    /** F4: one master is cut off from the store, for less or more than a session. */
    STORE_CUT,
    /** F4: the session of the leader ends, though it is well. */
    SESSION_EXPIRY,
    /** F5: each write of the store takes very long. */
    STORE_SLOW,
    /** F5: writes of which nobody knows whether they have happened, or that happen later. */
    STORE_UNKNOWN,
    /** F7: an agent's process is killed and comes back; what runs there runs on. */
    AGENT_CRASH,
    /** F7: an agent's machine goes down and comes back; nothing runs there any more. */
    HOST_REBOOT,
    /** F7: the same, and its disk is a new one. */
    AGENT_WIPED,
    /** F7: an agent's process stands still. */
    AGENT_PAUSE,
    /** F8: connections break. */
    STREAM_CUT,
    /** F8: orders that a deposed leader had sent, and that were held up, arrive on the present connection. */
    STALE_ORDERS,
    /** F10: some agents and a master do not reach each other, or only one way. */
    PARTITION,
    /** F10: links are stopped one by one and come back one by one. */
    SWIZZLE,
    /** F11: an agent does everything very slowly. */
    GRAY_AGENT,
    /** F13: an agent's disk is full. */
    DISK_FULL,
    /** F15: launches fail, take long, exit; kills are ignored for a while. */
    RUNTIME,
    /** F16: most agents vanish at once and come back together. */
    MASS_LOSS,
    /** F18: clients ask for much at once. */
    FLASH_LOAD,
    /** F20: the health checks of an app, or of all, fail for a while. */
    HEALTH_PLAGUE,
    /** F9: the wall clock of a master or an agent jumps. */
    CLOCK_JUMP,
    /** F14: the store comes back empty. */
    STORE_WIPED,
    /** F24: people close agents to new instances, and open them again. */
    CORDON,
    /** F24: people have agents emptied, some with a deadline, and open them again. */
    DRAIN,
    /** F16 and F24: many agents are out of reach for long, and sometimes a person says that they are gone. */
    STORM;

    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
