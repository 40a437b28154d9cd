package io.springtide.bench.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Each definition that real users wrote, through the door of a real master; a test a file, named after it. */
class MarathonConformanceIT {

    /** The definitions lie with the module that reads them. */
    private static final Path FIXTURES = Path.of("..", "api", "src", "test", "resources",
            "marathon");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyDefinition() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        Conformance.run(Fixture.in(FIXTURES), folder,
                (fixture, wrong) -> tests.add(DynamicTest.dynamicTest(
                        (fixture.valid() ? "accepts " : "refuses ") + fixture.name(),
                        () -> assertThat(wrong).isEmpty())));
        assertThat(tests).hasSizeGreaterThan(250);
        return tests.stream();
    }
}
