package io.springtide.bench.live;

import org.junit.jupiter.api.Assumptions;

import static org.assertj.core.api.Assertions.fail;

/** What a test needs and not every machine has. */
public final class Prerequisite {

    private Prerequisite() {}

    /** Lets a test go on only where it is there; else the test is skipped and says so, and in CI it fails. */
    public static void need(String test, boolean there, String why) {
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(why);
        }
        if (!there) {
            System.out.println(test + " is skipped: " + why);
        }
        Assumptions.assumeTrue(there, why);
    }
}
