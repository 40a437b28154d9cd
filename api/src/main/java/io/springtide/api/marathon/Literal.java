package io.springtide.api.marathon;

/** A word of a fixed set, as Marathon writes it. */
public interface Literal {

    /** The word in its canonical case. */
    String json();
}
