package io.springtide.cli.demo;

/** One step of the demo. */
interface Step {
    /** What it shows, in a few words. */
    String title();

    /**
     * Does it.
     *
     * @return what was seen, in a few words
     * @throws DemoException if it did not hold
     */
    String run(Stage stage);
}
