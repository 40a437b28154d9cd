package io.springtide.master.agents;

import java.util.concurrent.Executor;

/** Where agents come in, whoever leads. Any thread. */
public interface Entrance {

    /** Streams that come from now on are this gateway's. */
    void lead(AgentGateway leading);

    /** Nobody here leads; the gateway closes its own streams. */
    void rest();

    /** On which all that agents say is dealt with, and what they are told is sent. */
    Executor pool();
}
