package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: the document says what the server does. Method: its form is checked by a parser of OpenAPI; then
 * each of its paths is asked of the routes, and each pattern in the source of the routes is looked up in it.
 */
class OpenApiRoutesTest {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private static final Set<String> KEYWORDS = Set.of("$ref", "type", "description", "properties",
            "items", "required", "enum", "const", "default", "examples", "format", "pattern",
            "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems",
            "maxItems", "additionalProperties", "anyOf", "oneOf", "allOf", "deprecated");

    private static final Map<String, String> SAMPLES = Map.of("id", "shop/cart", "group", "shop",
            "version", "2026-11-21T05:02:28.780Z", "taskId", "shop_cart.instance-1._app.1",
            "instanceId", "shop_cart.instance-1", "name", "trading", "file", "stdout");

    private TestCluster cluster;
    private JsonNode document;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        document = new TestClient(cluster.server.port()).get("/openapi.json").json();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void isAnOpenApi31Document() {
        assertThat(document.at("/openapi").asText()).isEqualTo("3.1.0");
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(document.toString(),
                List.of(), options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).hasSize(document.at("/paths").size());
    }

    @Test
    void theParserWouldSeeAFault() {
        String broken = document.toString().replaceFirst("\"responses\":", "\"answers\":");
        assertThat(new OpenAPIV3Parser().readContents(broken).getMessages()).isNotEmpty();
    }

    @Test
    void schemasUseTheKeywordsOfJsonSchema() {
        document.at("/components/schemas").properties()
                .forEach(schema -> checkSchema(schema.getKey(), schema.getValue()));
        document.findValues("schema").forEach(schema -> checkSchema("a schema", schema));
    }

    private static void checkSchema(String where, JsonNode schema) {
        schema.fieldNames().forEachRemaining(
                key -> assertThat(KEYWORDS).as(where + ": " + schema).contains(key));
        schema.path("properties").properties()
                .forEach(field -> checkSchema(where + "." + field.getKey(), field.getValue()));
        for (String one : List.of("items", "additionalProperties")) {
            if (schema.path(one).isObject()) {
                checkSchema(where + "." + one, schema.path(one));
            }
        }
        for (String many : List.of("anyOf", "allOf", "oneOf")) {
            schema.path(many).forEach(each -> checkSchema(where, each));
        }
        schema.path("required").forEach(name -> assertThat(name.isTextual()).as(where).isTrue());
    }

    @Test
    void everyReferenceLeadsSomewhereAndNothingIsLeftOver() {
        Set<String> used = new TreeSet<>();
        document.findValuesAsText("$ref").forEach(used::add);
        for (String reference : used) {
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference)
                    .isFalse();
        }
        for (String kind : List.of("schemas", "parameters", "responses", "headers")) {
            document.at("/components/" + kind).fieldNames().forEachRemaining(
                    name -> assertThat(used).contains("#/components/" + kind + "/" + name));
        }
    }

    @Test
    void operationsHaveNamesOfTheirOwnAndTheirPathParameters() {
        Set<String> names = new HashSet<>();
        document.at("/paths").properties().forEach(path -> {
            Set<String> wanted = new TreeSet<>();
            Matcher matcher = Pattern.compile("\\{(\\w+)}").matcher(path.getKey());
            while (matcher.find()) {
                wanted.add(matcher.group(1));
            }
            Set<String> given = new TreeSet<>();
            path.getValue().path("parameters").forEach(parameter -> {
                JsonNode whole = parameter.has("$ref")
                        ? document.at(parameter.get("$ref").asText().substring(1))
                        : parameter;
                given.add(whole.path("name").asText());
                assertThat(whole.path("in").asText()).isEqualTo("path");
            });
            assertThat(given).as(path.getKey()).isEqualTo(wanted);
            methods(path.getValue()).forEach(method -> {
                JsonNode operation = path.getValue().path(method.toLowerCase(Locale.ROOT));
                String name = operation.path("operationId").asText();
                assertThat(name).as(path.getKey()).isNotEmpty();
                assertThat(names.add(name)).as(name).isTrue();
                assertThat(operation.path("responses").isEmpty()).as(name).isFalse();
            });
        });
    }

    @Test
    void everyPathLeadsToAResourceWithJustTheseMethods() {
        List<String> missing = new ArrayList<>();
        document.at("/paths").properties().forEach(path -> {
            Optional<Resource> resource = resource(path.getKey());
            if (resource.isEmpty()) {
                missing.add(path.getKey());
                return;
            }
            assertThat(resource.get().route()).isEqualTo(path.getKey());
            Set<String> allowed = new TreeSet<>(
                    List.of(resource.get().allowed().split(", ", -1)));
            allowed.removeAll(Set.of("HEAD", "OPTIONS"));
            if (path.getKey().startsWith("/v2/groups/") && path.getKey().endsWith("/apps")) {
                // The others are for a group that is called so.
                allowed.retainAll(Set.of("GET"));
            }
            assertThat(methods(path.getValue())).as(path.getKey()).isEqualTo(allowed);
            for (String method : allowed) {
                assertThat(resource.get().handler(HttpMethod.valueOf(method))).isPresent();
            }
        });
        assertThat(missing).isEmpty();
    }

    @Test
    void everyRouteInTheSourceIsInTheDocument() throws IOException {
        Pattern pattern = Pattern.compile("Resource\\s*\\.at\\(\\s*\"([^\"]+)\"");
        Set<String> routes = new TreeSet<>();
        try (Stream<Path> files = Files
                .list(Path.of("src/main/java/io/springtide/master/http"))) {
            for (Path file : files.toList()) {
                Matcher matcher = pattern.matcher(Files.readString(file));
                while (matcher.find()) {
                    routes.add(matcher.group(1));
                }
            }
        }
        assertThat(routes).hasSizeGreaterThan(30).contains("/v2/apps/{id}", "/openapi.json");
        for (String route : routes) {
            assertThat(document.at("/paths").has(route)).as(route).isTrue();
        }
    }

    private Optional<Resource> resource(String template) {
        String path = template;
        for (Map.Entry<String, String> sample : SAMPLES.entrySet()) {
            path = path.replace("{" + sample.getKey() + "}", sample.getValue());
        }
        List<String> segments = PercentText.segments(
                template.contains("deployments/{id}") || template.contains("agents/{id}")
                        ? path.replace("shop/cart", "d-1")
                        : path);
        return cluster.server.routes().stream().flatMap(noun -> noun.resource(segments).stream())
                .findFirst();
    }

    private static Set<String> methods(JsonNode path) {
        Set<String> methods = new TreeSet<>();
        path.fieldNames().forEachRemaining(name -> {
            if (METHODS.contains(name)) {
                methods.add(name.toUpperCase(Locale.ROOT));
            }
        });
        return methods;
    }
}
