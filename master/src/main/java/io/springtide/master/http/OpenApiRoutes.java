package io.springtide.master.http;

import io.springtide.api.client.JsonText;
import io.springtide.api.client.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@code /openapi.json}: what this interface is, for programs that make clients of it. */
final class OpenApiRoutes implements Routes {

    /** In the module api, where people edit it. */
    private static final String SOURCE = "/io/springtide/api/openapi.yaml";

    /** Made when somebody asks for the first time; few ever do. */
    private static final class Document {
        static final byte[] JSON = JsonText.compact(YamlText.parse(yaml()))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("openapi.json"))
                ? Resource.at("/openapi.json").get(OpenApiRoutes::send).found()
                : Optional.empty();
    }

    private static void send(Exchange x) {
        // The first one parses a long text: not on an event loop.
        x.whenDone(CompletableFuture.supplyAsync(() -> Document.JSON,
                task -> Thread.ofVirtual().name("openapi").start(task)),
                json -> x.end(200, "application/json", json), x::broken);
    }

    private static String yaml() {
        try (InputStream in = YamlText.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + SOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
