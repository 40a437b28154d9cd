package io.springtide.master.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A file of properties that an option names. */
final class SettingsFile {

    private SettingsFile() {}

    /**
     * Reads all of it.
     *
     * @param option how the sentence begins if that fails
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static Map<String, String> read(String option, String file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(option + ": " + file
                    + " cannot be read as a file of properties (" + unreadable.getMessage() + ")",
                    unreadable);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames()
                .forEach(name -> settings.put(name, properties.getProperty(name).strip()));
        return settings;
    }
}
