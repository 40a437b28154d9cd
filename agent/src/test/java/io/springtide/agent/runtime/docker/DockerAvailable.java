package io.springtide.agent.runtime.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Lets a test class run where a Docker daemon answers. Elsewhere it is skipped with the reason on the
 * console; where {@code CI=true} it fails instead, since nobody would read of the skip there.
 */
public final class DockerAvailable implements BeforeAllCallback {

    private static final String REMEDY = "run build-support/install-docker.sh";

    @Override
    public void beforeAll(ExtensionContext context) {
        missing().ifPresent(why -> {
            String text = context.getDisplayName() + " needs Docker: " + why + "; " + REMEDY;
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(text);
            }
            System.out.println("SKIPPED " + text);
            throw new TestAbortedException(text);
        });
    }

    private static Optional<String> missing() {
        DockerSettings settings = DockerSettings.fromEnvironment(System.getenv());
        if (!settings.host().getScheme().equals("unix")) {
            return Optional.empty();
        }
        Path socket = Path.of(settings.host().getPath());
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("nothing answers at " + socket + " (" + e.getMessage() + ")");
        }
    }
}
