package io.springtide.cloud.spi.support;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an operator says about a driver, and sentences for what is wrong about it. */
public final class Settings {

    private final String driver;
    private final Map<String, String> said;

    /**
     * Takes what was said.
     *
     * @param driver its name begins every sentence
     * @param known all settings that there are
     * @throws IllegalArgumentException with a sentence, if there is another one, or a control character
     */
    public Settings(String driver, Map<String, String> said, List<String> known) {
        this.driver = driver;
        this.said = new TreeMap<>(said);
        this.said.forEach((name, value) -> {
            require(known.contains(name), "there is no setting '" + Words.shown(name)
                    + "'; there are " + String.join(", ", new TreeSet<>(known)));
            require(value.chars().noneMatch(Character::isISOControl),
                    "'" + name + "' has a control character in it");
        });
    }

    /** The value as it is. */
    public String text(String name, String otherwise) {
        return said.getOrDefault(name, otherwise);
    }

    /** The same of one that must be there. */
    public String needed(String name) {
        String value = text(name, "");
        require(!value.isBlank(), name + " is missing");
        return value;
    }

    /** A file, if one is named. */
    public Optional<Path> file(String name) {
        return Optional.ofNullable(said.get(name)).map(Path::of);
    }

    /** A number between two bounds, themselves included. */
    public int number(String name, int otherwise, int min, int max) {
        String value = text(name, Integer.toString(otherwise));
        boolean right = value.matches("[0-9]{1,9}") && Integer.parseInt(value) >= min
                && Integer.parseInt(value) <= max;
        require(right,
                name + " is a number from " + min + " to " + max + ", not '" + value + "'");
        return Integer.parseInt(value);
    }

    /** Words between separators, without empty ones. */
    public List<String> words(String name, String otherwise, String separator) {
        return Arrays.stream(text(name, otherwise).split(separator, -1)).map(String::strip)
                .filter(word -> !word.isEmpty()).toList();
    }

    /** Throws the sentence, after the driver's name, if that is not so. */
    public void require(boolean right, String sentence) {
        if (!right) {
            throw new IllegalArgumentException(driver + ": " + sentence);
        }
    }
}
