package io.springtide.bench.placement.replay;

/** Chooses a machine for one pod after the other; the replay takes what it has chosen. */
interface GpuPlacer {

    /** No machine can take the pod. */
    int NONE = -1;

    /** The row for the next pod of a kind, or {@link #NONE}. */
    int place(int kind);

    /** The devices the pod just placed shall get, as a mask. */
    int devices();
}
