package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The app definitions by other people, and how they are read in tests. */
final class Fixtures {

    private static final String ROOT = "/marathon/";

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = Fixtures.class.getResourceAsStream(ROOT + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    static JsonNode json(String name) {
        return JsonInput.parse(bytes(name));
    }

    /** File names in a folder that begin and end so, in order. */
    static List<String> names(String folder, String beginning, String ending) {
        URL url = Objects.requireNonNull(Fixtures.class.getResource(ROOT + folder), folder);
        try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(n -> n.startsWith(beginning) && n.endsWith(ending))
                    .sorted().toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (URISyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** The settings that each valid fixture needs, by file name. */
    static Map<String, ServerSettings> settings() {
        Map<String, ServerSettings> settings = new TreeMap<>();
        json("valid-index.json").forEach(entry -> settings.put(entry.path("file").textValue(),
                settings(entry.path("requires"))));
        return settings;
    }

    /** A refusal must have this status, and the message and at least the errors that a fixture expects. */
    static void assertAsExpected(MarathonError error, JsonNode expected, int status) {
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.message()).isEqualTo(expected.path("message").textValue());
        boolean prefix = expected.path("match").asText().endsWith("prefix");
        for (JsonNode detail : expected.path("details")) {
            for (JsonNode text : detail.path("errors")) {
                String wanted = detail.path("path").textValue() + ": " + text.textValue();
                assertThat(problems(error)).as("contains " + wanted).anyMatch(
                        found -> prefix ? found.startsWith(wanted) : found.equals(wanted));
            }
        }
    }

    /** The settings that a fixture asks for. */
    static ServerSettings settings(JsonNode requires) {
        Set<String> features = new TreeSet<>();
        requires.path("enable_features").forEach(feature -> features.add(feature.textValue()));
        Optional<String> network = Optional
                .ofNullable(requires.path("default_network_name").textValue());
        return new ServerSettings(features, requires.path("mesos_role").asText("*"), network);
    }

    /** Runs it, and returns the error that it must end in. */
    static MarathonError refusal(Runnable attempt) {
        try {
            attempt.run();
        } catch (RequestRefused refused) {
            return refused.error();
        }
        throw new AssertionError("was accepted");
    }

    /** Paths with their errors, as one text each. */
    static List<String> problems(MarathonError error) {
        List<String> all = new ArrayList<>();
        if (error
                .details() instanceof MarathonError.Details.Problems(List<MarathonError.Problem> problems)) {
            for (MarathonError.Problem problem : problems) {
                problem.errors().forEach(text -> all.add(problem.path() + ": " + text));
            }
        }
        return all;
    }
}
