package io.springtide.cloud.spi;

import java.util.Map;

/** Makes a provider of machines from its configuration. Found with {@link java.util.ServiceLoader}. */
public interface NodeProviderFactory {

    /** Names the adapter in the settings of a pool of the master's {@code --nodes}, e.g. {@code command}. */
    String name();

    /**
     * A provider that is ready for requests. The outside need not answer yet.
     *
     * @param settings what the operator wrote, by the adapter's own names
     * @throws IllegalArgumentException with a sentence for the operator, if a setting is missing or wrong
     */
    NodeProvider open(Map<String, String> settings);
}
