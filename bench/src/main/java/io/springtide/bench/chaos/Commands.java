package io.springtide.bench.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that do one thing and end. */
final class Commands {

    private static final int SECONDS_MAX = 60;

    private Commands() {}

    /**
     * Runs one to its end.
     *
     * @throws ChaosException if it fails
     */
    static void run(String... words) {
        if (!tried(words)) {
            throw new ChaosException("failed: " + String.join(" ", words));
        }
    }

    /** Whether one exists and ends well. */
    static boolean tried(String... words) {
        try {
            Process process = new ProcessBuilder(List.of(words)).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", interrupted);
        }
    }
}
