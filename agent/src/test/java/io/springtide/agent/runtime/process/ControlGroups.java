package io.springtide.agent.runtime.process;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.fail;

/** Whether tests may make control groups on this machine. */
final class ControlGroups {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private ControlGroups() {}

    /**
     * Lets a test go on only where they can be made; else it is skipped and says so, and in CI it fails.
     *
     * @param controller of version 1; version 2 has all of them in one
     */
    static void need(String test, String controller) {
        boolean there = Files.isWritable(ROOT.resolve(controller))
                || Files.isWritable(ROOT.resolve("cgroup.subtree_control"));
        String why = "this machine lets nobody make control groups; run it as root, with " + ROOT
                + " writable";
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(test + ": " + why);
        }
        if (!there) {
            System.out.println(test + " is skipped: " + why);
        }
        Assumptions.assumeTrue(there, why);
    }
}
