package io.springtide.cloud.command;

import io.springtide.cloud.spi.support.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an operator says about a program that orders machines.
 *
 * @param program run without a shell
 * @param timeLimit a run that takes longer is ended, with everything it has started
 * @param environment names of variables of the master's own environment that the program sees, too
 */
record CommandSettings(Path program, Duration timeLimit, List<String> environment) {

    private static final List<String> KNOWN = List.of("program", "time-limit-seconds", "env");
    private static final int SECONDS_MAX = 3_600;

    CommandSettings {
        environment = List.copyOf(environment);
    }

    /**
     * Reads what the operator wrote.
     *
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static CommandSettings of(Map<String, String> given) {
        Settings settings = new Settings(CommandNodeProvider.NAME, given, KNOWN);
        String written = settings.needed("program");
        settings.require(written.startsWith("/"),
                "program must be an absolute path, not '" + written + "'");
        Path program = Path.of(written);
        settings.require(Files.isRegularFile(program), "there is no program " + program);
        settings.require(Files.isExecutable(program),
                program + " is not executable for the master's user; see chmod");
        List<String> environment = settings.words("env", "", ",");
        environment.forEach(name -> settings.require(name.matches("[A-Za-z_][A-Za-z0-9_]*"),
                "env is a list of names of variables, separated by commas; '" + name
                        + "' is none"));
        return new CommandSettings(program, Duration
                .ofSeconds(settings.number("time-limit-seconds", 120, 1, SECONDS_MAX)),
                environment);
    }
}
