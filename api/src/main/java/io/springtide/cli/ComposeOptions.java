package io.springtide.cli;

import io.springtide.api.client.YamlText;
import io.springtide.api.compose.ComposeException;
import io.springtide.api.compose.ComposeFile;
import io.springtide.api.compose.Conversion;
import io.springtide.api.compose.EnvironmentFile;
import io.springtide.api.compose.Finding;
import io.springtide.api.compose.Surroundings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which project is meant, and the reading of its file. */
final class ComposeOptions {
    /** The names by which Compose finds its file. */
    static final List<String> NAMES = List.of("compose.yaml", "compose.yml",
            "docker-compose.yaml", "docker-compose.yml");

    @Option(names = {"-p", "--project"}, //
            paramLabel = "NAME", //
            description = "Name of the project: the group is /NAME. Default: COMPOSE_PROJECT_NAME, the "
                    + "file's own name, or that of its folder.")
    private String project = "";

    /** The file, converted; what is left out is told on stderr. */
    Conversion convert(Terminal terminal, String file) {
        String which = file.isEmpty() ? found() : file;
        return convert(terminal, which, Input.text(which, Input.bytes(terminal, which)));
    }

    Conversion convert(Terminal terminal, String file, String text) {
        try {
            Conversion conversion = ComposeFile.convert(text, new Beside(terminal, file),
                    named(terminal), folderName(file));
            warn(terminal, conversion.warnings());
            return conversion;
        } catch (YamlText.MalformedYaml broken) {
            throw new CliException(Exit.INVALID,
                    Input.name(file) + " is not YAML: " + broken.getMessage() + ".", "", broken);
        } catch (ComposeException refused) {
            warn(terminal, refused.warnings());
            StringBuilder all = new StringBuilder(Input.name(file)).append(" cannot be run here:");
            refused.errors().forEach(error -> all.append("\n  ")
                    .append(Table.printable(error.toString())));
            throw new CliException(Exit.INVALID, all.toString(), "", refused);
        }
    }

    /** The project's name where the command line or the environment gives it. */
    Optional<String> named(Terminal terminal) {
        String name = project.isEmpty()
                ? terminal.environment().getOrDefault("COMPOSE_PROJECT_NAME", "")
                : project;
        return Optional.of(name).filter(text -> !text.isEmpty());
    }

    /** The group of a project that is named, or whose file is; converts the file only for its name. */
    String groupId(Terminal terminal, String file) {
        Optional<String> name = named(terminal);
        return file.isEmpty() && name.isPresent()
                ? ApiCommand.groupId(name.get())
                : convert(terminal, file).groupId();
    }

    private static void warn(Terminal terminal, List<Finding> warnings) {
        warnings.forEach(warning -> terminal
                .say("warning: " + Table.printable(warning.toString())));
    }

    private static String found() {
        for (String name : NAMES) {
            if (Files.isRegularFile(Path.of(name))) {
                return name;
            }
        }
        throw new CliException(Exit.NOT_FOUND, "There is no Compose file in this folder.",
                "Name one, or the project: --project NAME");
    }

    private static String folderName(String file) {
        Path folder = file.equals("-")
                ? Path.of("").toAbsolutePath()
                : Path.of(file).toAbsolutePath().normalize().getParent();
        return folder == null || folder.getFileName() == null
                ? ""
                : folder.getFileName().toString();
    }

    /** The caller's environment over the file .env, and the files beside the Compose file. */
    private static final class Beside implements Surroundings {
        private final Terminal terminal;
        private final Path folder;
        private final Map<String, String> defaults;

        Beside(Terminal terminal, String file) {
            this.terminal = terminal;
            Path parent = file.equals("-") ? null : Path.of(file).toAbsolutePath().getParent();
            this.folder = parent == null ? Path.of("").toAbsolutePath() : parent;
            this.defaults = file(".env").map(EnvironmentFile::read).orElse(Map.of());
        }

        @Override
        public Optional<String> variable(String name) {
            return Optional.ofNullable(terminal.environment().get(name))
                    .or(() -> Optional.ofNullable(defaults.get(name)));
        }

        @Override
        public Optional<String> file(String path) {
            try {
                Path file = folder.resolve(path);
                return Files.isRegularFile(file)
                        ? Optional.of(Input.text(path, Input.bytes(terminal, file.toString())))
                        : Optional.empty();
            } catch (InvalidPathException ignored) {
                return Optional.empty();
            }
        }
    }
}
