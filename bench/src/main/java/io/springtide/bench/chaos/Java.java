package io.springtide.bench.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of ours in a JVM and with the class path of this one. */
final class Java {

    private Java() {}

    static List<String> command(List<String> flags, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }
}
