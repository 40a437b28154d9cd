package io.springtide.bench.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A definition, and what is to become of it.
 *
 * @param kind of what it defines
 * @param name of its file, less the ending
 * @param body as it was written
 * @param expected the refusal; missing if it is to be accepted
 * @param options what a server has to be started with
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Fixture(Kind kind, String name, byte[] body, JsonNode expected,
        List<String> options) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What it is sent to. */
    public enum Kind {
        APP("/v2/apps"), GROUP("/v2/groups"), POD("/v2/pods");

        private final String path;

        Kind(String path) {
            this.path = path;
        }

        /** Where it is posted. */
        public String path() {
            return path;
        }

        private static Kind of(String file) {
            return switch (file.substring(0, file.indexOf("__"))) {
                case "app" -> APP;
                case "group" -> GROUP;
                case "pod" -> POD;
                default -> throw new IllegalArgumentException(
                        file + " does not begin with app__, group__ or pod__");
            };
        }
    }

    /** Whether it is to be accepted. */
    public boolean valid() {
        return expected.isMissingNode();
    }

    /**
     * All that a folder holds: {@code valid/*.json} with {@code valid-index.json}, and
     * {@code invalid/*.json}, each with an {@code .expect} beside it.
     */
    public static List<Fixture> in(Path folder) throws IOException {
        Map<String, JsonNode> requires = new HashMap<>();
        for (JsonNode entry : JSON
                .readTree(Files.readAllBytes(folder.resolve("valid-index.json")))) {
            requires.put(entry.path("file").textValue(), entry.path("requires"));
        }
        List<Fixture> fixtures = new ArrayList<>();
        for (Path file : files(folder.resolve("valid"))) {
            String name = file.getFileName().toString();
            JsonNode needs = requires.getOrDefault(name, JSON.createObjectNode());
            fixtures.add(new Fixture(Kind.of(name), bare(name), Files.readAllBytes(file),
                    JSON.missingNode(), options(needs)));
        }
        for (Path file : files(folder.resolve("invalid"))) {
            String name = file.getFileName().toString();
            JsonNode expected = JSON.readTree(
                    Files.readAllBytes(file.resolveSibling(bare(name) + ".expect")));
            fixtures.add(new Fixture(Kind.of(name), bare(name), Files.readAllBytes(file), expected,
                    options(expected.path("serverConfig"))));
        }
        return fixtures;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static String bare(String file) {
        return file.substring(0, file.length() - ".json".length());
    }

    private static List<String> options(JsonNode settings) {
        List<String> options = new ArrayList<>();
        if (settings.has("mesos_role")) {
            options.addAll(List.of("--role", settings.path("mesos_role").textValue()));
        }
        if (settings.has("default_network_name")) {
            options.addAll(List.of("--default-network-name",
                    settings.path("default_network_name").textValue()));
        }
        List<String> features = new ArrayList<>();
        settings.path("enable_features").forEach(feature -> features.add(feature.textValue()));
        if (!features.isEmpty()) {
            options.addAll(List.of("--enable-features", String.join(",", features)));
        }
        return options;
    }
}
