package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: what real users wrote for Marathon is accepted and read back as they wrote it; what Marathon refuses is refused
 * alike. Method: one test a file, named after it.
 */
class MarathonFixturesTest {

    /** Where we answer 422 although Marathon, by a missing mapping of an exception, answers 500. */
    private static final Set<String> CLIENT_MISTAKES_NOT_OURS = Set.of("app__both-portmappings");

    @Test
    void allFixturesAreThere() {
        assertThat(Fixtures.names("valid", "app__", ".json")).hasSize(143);
        assertThat(Fixtures.names("invalid", "app__", ".expect")).hasSize(109)
                .hasSameSizeAs(Fixtures.names("invalid", "app__", ".json"));
    }

    @TestFactory
    Stream<DynamicTest> valid() {
        Map<String, ServerSettings> settings = Fixtures.settings();
        return Fixtures.names("valid", "app__", ".json").stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    assertThat(settings).containsKey(name);
                    accepted(Fixtures.json("valid/" + name),
                            Objects.requireNonNull(settings.get(name)));
                }));
    }

    private static void accepted(JsonNode given, ServerSettings settings) {
        AppReader reader = new AppReader(settings);
        App app = reader.read(given);
        ObjectNode shown = AppWriter.write(app, AppMeta.at(0));

        assertThat(Shown.differences(Shown.expected(given), shown)).isEmpty();
        // What the server shows, its clients send back.
        assertThat(reader.read(shown)).isEqualTo(app);
        assertThat(AppWriter.fromDefinition(AppWriter.definition(app), app.instances()))
                .isEqualTo(app);
        if (reader.readUpdate(app.id(), given,
                false) instanceof AppUpdate.Replacement replacement) {
            assertThat(replacement.app()).isEqualTo(app);
        }
    }

    @TestFactory
    Stream<DynamicTest> invalid() {
        return Fixtures.names("invalid", "app__", ".json").stream()
                .map(file -> file.substring(0, file.length() - 5))
                .map(name -> DynamicTest.dynamicTest(name, () -> refused(name)));
    }

    private static void refused(String name) {
        JsonNode expected = Fixtures.json("invalid/" + name + ".expect");
        AppReader reader = new AppReader(Fixtures.settings(expected.path("serverConfig")));
        MarathonError error = Fixtures.refusal(
                () -> reader.read(Fixtures.json("invalid/" + name + ".json")));
        Fixtures.assertAsExpected(error, expected, CLIENT_MISTAKES_NOT_OURS.contains(name)
                ? 422
                : expected.path("status").intValue());
    }
}
