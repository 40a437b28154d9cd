package io.springtide.cloud.command;

/** How a run of the program has ended. */
sealed interface Finished {

    /** By itself. */
    record Exited(int code, String output, String lastLine) implements Finished {}

    /**
     * Not by itself, or not at all.
     *
     * @param why a sentence
     */
    record Broken(String why) implements Finished {}
}
