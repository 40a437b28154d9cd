package io.springtide.cli.demo;

/** Hears what the demo does, for people to read. */
public interface Narrator {
    /** A step begins. */
    void begins(int number, int of, String title);

    /** How far it is just now; the next call replaces it. */
    void now(String text);

    /** Something worth keeping on the screen. */
    void tells(String text);
}
