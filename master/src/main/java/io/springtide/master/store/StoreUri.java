package io.springtide.master.store;

import java.nio.file.Path;

/** Where facts are kept, as an operator writes it. */
public record StoreUri(Path folder) {

    public static StoreUri parse(String text) {
        if (text.startsWith("file:") && text.length() > 5) {
            return new StoreUri(Path.of(text.substring(5)));
        }
        throw new IllegalArgumentException("--store " + text + ": write file:DIR");
    }

    @Override
    public String toString() {
        return "file:" + folder;
    }
}
