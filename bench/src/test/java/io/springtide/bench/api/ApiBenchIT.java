package io.springtide.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** The benchmark itself, on a small scale: it has to find what it measures, not to be fast. */
class ApiBenchIT {

    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void measuresALiveMaster() throws Exception {
        StringWriter out = new StringWriter();
        Path json = folder.resolve("api.json");
        int code = new CommandLine(new ApiBench()).setOut(new PrintWriter(out, true)).execute(
                "--apps", "30", "--instances", "3", "--runs", "1", "--seconds", "2", "--only",
                "read,small,scale", "--json", json.toString());
        assertThat(code).isZero();
        assertThat(out.toString()).contains("If-None-Match", "PUT scale among 30 apps, p99");
        JsonNode results = new ObjectMapper().readTree(json.toFile()).path("results");
        assertThat(results).hasSizeGreaterThan(12)
                .allMatch(result -> result.path("median").asDouble() > 0
                        // The system counts processor time in hundredths of a second.
                        || result.path("name").asText().endsWith("processor time"));
    }
}
