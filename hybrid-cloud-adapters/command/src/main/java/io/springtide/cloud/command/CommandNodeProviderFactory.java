package io.springtide.cloud.command;

import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodeProviderFactory;
import java.util.Map;

/** Makes providers that run a program; docs/nodes.md says how it is spoken with. */
public final class CommandNodeProviderFactory implements NodeProviderFactory {

    @Override
    public String name() {
        return CommandNodeProvider.NAME;
    }

    @Override
    public NodeProvider open(Map<String, String> settings) {
        return new CommandNodeProvider(CommandSettings.of(settings));
    }
}
