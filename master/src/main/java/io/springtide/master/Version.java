package io.springtide.master;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which software this is, as the build wrote it down. */
public final class Version {

    private static final Properties BUILD = read();

    private Version() {}

    /** E.g. {@code 0.1.0}; {@code unknown} if it was not built by Maven. */
    public static String number() {
        return BUILD.getProperty("version", "unknown");
    }

    /** The commit it was built from; {@code unknown} if nobody said. */
    public static String commit() {
        return BUILD.getProperty("commit", "unknown");
    }

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException ignored) {
            // Then it is unknown.
        }
        return properties;
    }
}
