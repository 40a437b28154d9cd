package io.springtide.core.placement;

/** Hands out agents for the instances of one app, the most wanted one first. */
interface Ranking {

    int NONE = -1;

    /** The agent for the next instance, or {@link #NONE} if there is no room anywhere. */
    int next();

    /** The agent just handed out took the instance; it has room for {@code more}. */
    void placed(int row, int more);
}
