package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** Given by some author in a place where Marathon does not know it. */
    private static final Set<String> UNKNOWN_TO_MARATHON = Set.of("/storeUrls",
            "/container/forcePullImage",
            "/container/docker/forcePull", "/container/docker/requirePorts");

    private static final Set<String> SET_BY_THE_SERVER = Set.of("/version", "/versionInfo");

    @Test
    void allFixturesAreThere() {
        assertThat(Fixtures.names("valid", ".json")).hasSize(143);
        assertThat(Fixtures.names("invalid", ".expect")).hasSize(109)
                .hasSameSizeAs(Fixtures.names("invalid", ".json"));
    }

    @TestFactory
    Stream<DynamicTest> valid() {
        Map<String, JsonNode> requires = new HashMap<>();
        Fixtures.json("valid-index.json")
                .forEach(entry -> requires.put(entry.path("file").textValue(),
                        entry.path("requires")));
        return Fixtures.names("valid", ".json").stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    assertThat(requires).containsKey(name);
                    accepted(Fixtures.json("valid/" + name),
                            Fixtures.settings(Objects.requireNonNull(requires.get(name))));
                }));
    }

    private static void accepted(JsonNode given, ServerSettings settings) {
        AppReader reader = new AppReader(settings);
        App app = reader.read(given);
        ObjectNode shown = AppWriter.write(app, AppMeta.at(0));

        List<String> differences = new ArrayList<>();
        compare(expected(given), shown, "", differences);
        assertThat(differences).isEmpty();
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
        return Fixtures.names("invalid", ".json").stream()
                .map(file -> file.substring(0, file.length() - 5))
                .map(name -> DynamicTest.dynamicTest(name, () -> refused(name)));
    }

    private static void refused(String name) {
        JsonNode expected = Fixtures.json("invalid/" + name + ".expect");
        AppReader reader = new AppReader(Fixtures.settings(expected.path("serverConfig")));
        MarathonError error = Fixtures.refusal(
                () -> reader.read(JsonInput.parse(Fixtures.bytes("invalid/" + name + ".json"))));

        int status = CLIENT_MISTAKES_NOT_OURS.contains(name)
                ? 422
                : expected.path("status").intValue();
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.message()).isEqualTo(expected.path("message").textValue());
        boolean prefix = expected.path("match").asText().endsWith("prefix");
        for (JsonNode detail : expected.path("details")) {
            for (JsonNode text : detail.path("errors")) {
                String wanted = detail.path("path").textValue() + ": " + text.textValue();
                assertThat(Fixtures.problems(error)).as("contains " + wanted)
                        .anyMatch(
                                found -> prefix ? found.startsWith(wanted) : found.equals(wanted));
            }
        }
    }

    /** What was given, with the deprecated fields said in today's words, written down once more for the test. */
    private static ObjectNode expected(JsonNode given) {
        ObjectNode app = given.deepCopy();
        app.put("id", given.path("id").textValue().startsWith("/")
                ? given.path("id").textValue()
                : "/" + given.path("id").textValue());
        JsonNode uris = app.remove("uris");
        if (uris != null) {
            uris.forEach(uri -> app.withArray("/fetch").addObject().set("uri", uri));
        }
        JsonNode ports = app.remove("ports");
        if (ports != null) {
            ports.forEach(port -> app.withArray("/portDefinitions").addObject().set("port", port));
        }
        JsonNode ipAddress = app.remove("ipAddress");
        if (ipAddress != null) {
            app.putArray("networks").addObject().put("mode", "container").set("name",
                    ipAddress.path("networkName"));
        }
        if (app.path("container").path("docker") instanceof ObjectNode docker) {
            JsonNode network = docker.remove("network");
            if (network != null && !network.textValue().equals("USER")) {
                app.putArray("networks").addObject().put("mode",
                        network.textValue().equals("HOST") ? "host" : "container/bridge");
            }
            JsonNode mappings = docker.remove("portMappings");
            if (mappings != null) {
                ((ObjectNode) app.path("container")).set("portMappings", mappings);
            }
        }
        if (app.path("networks").isEmpty()) {
            app.remove("networks");
        }
        String mode = app.path("networks").path(0).path("mode").asText("host");
        if (!mode.equals("host")) {
            // Outside of the host network these say nothing.
            app.remove("portDefinitions");
            app.remove("requirePorts");
        }
        return app;
    }

    private static void compare(JsonNode given, JsonNode shown, String path,
            List<String> differences) {
        if (given.isNull() || UNKNOWN_TO_MARATHON.contains(path)
                || SET_BY_THE_SERVER.contains(path)) {
            return;
        }
        if (given.isContainerNode() && given.isEmpty() && shown.isMissingNode()) {
            return;
        }
        if (given.isObject() && shown.isObject()) {
            given.properties()
                    .forEach(field -> compare(field.getValue(), shown.path(field.getKey()),
                            path + "/" + field.getKey(), differences));
        } else if (given.isArray() && shown.isArray() && given.size() == shown.size()) {
            for (int i = 0; i < given.size(); i++) {
                compare(given.get(i), shown.get(i), path + "(" + i + ")", differences);
            }
        } else if (given.isNumber() && shown.isNumber()) {
            if (given.decimalValue().compareTo(shown.decimalValue()) != 0) {
                differences.add(path + ": " + given + " became " + shown);
            }
        } else if (!given.equals(shown)) {
            differences.add(path + ": " + given + " became " + shown);
        }
    }
}
