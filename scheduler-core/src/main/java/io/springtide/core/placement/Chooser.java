package io.springtide.core.placement;

/** Hands out the agents for the instances of one call, the most wanted one first. */
interface Chooser {

    int NONE = -1;

    /** The agent for the next instance, or {@link #NONE} if there is none. */
    int next();

    /** The agent just handed out took the instance, and its standing is up to date. */
    void placed(int row);
}
