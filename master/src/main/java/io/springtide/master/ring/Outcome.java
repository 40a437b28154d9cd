package io.springtide.master.ring;

import io.springtide.core.command.Answer;

/** What became of a command. */
public sealed interface Outcome {

    /** It was decided; what follows from it is durable. */
    record Decided(Answer answer) implements Outcome {}

    /** The ring is full; nothing has changed. Try again a little later. */
    record Busy() implements Outcome {}

    /** The engine has stopped; whether the command took effect is not known. */
    record Stopped(String why) implements Outcome {}
}
