package io.springtide.bench.placement;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PlacementBenchTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final List<Path> replayed = new ArrayList<>();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--workloads nonsense           | there is no workload 'nonsense'; there are burst,",
            "--engines fenzo,swarm          | there is no engine 'swarm'; there are springtide,",
            "--parts soup                   | there is no part 'soup'; there are table,",
            "--runs 0                       | --runs must be between 1 and 1000, not 0",
            "--runs many                    | Invalid value for option '--runs'",
            "--fenzo-seconds -1             | --fenzo-seconds must be between 1 and 86400",
            "--no-such-option               | Unknown option: '--no-such-option'",
            "something                      | Unmatched argument at index 0: 'something'"})
    void anAnswerToNonsenseIsASentenceAndTwo(String arguments, String sentence) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith("tide bench placement: ").contains(sentence);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theListNamesAllWorkloadsAndEngines() {
        assertThat(run("--list")).isZero();
        assertThat(out.toString()).contains("mixed-5k", "kube-spread-hard", "fenzo-stock",
                "springtide-core");
    }

    @Test
    void theHelpExplainsEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--quick", "--json", "--svg", "--seed", "Exit codes");
    }

    @Test
    void aSmallRunPrintsItsTableAndWritesItsFiles() throws Exception {
        Path json = folder.resolve("new/result.json");
        assertThat(run("--quick", "--parts", "table", "--workloads", "unique-1k", "--engines",
                "springtide,fenzo", "--runs", "1", "--json", json.toString(), "--traces",
                folder.toString(), "--svg",
                folder.resolve("svg").toString())).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("unique-1k +springtide +1 000 +1 000 ")
                .containsPattern("unique-1k +fenzo +1 000 ");
        assertThat(Files.readString(json)).contains("\"perSecond\"", "\"ratioToFenzo\"");
        assertThat(folder.resolve("svg/placement-rates.svg")).exists();
        assertThat(replayed).containsExactly(folder);
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidBeforeAnythingIsRun() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(run("--json", file.resolve("result.json").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("cannot make the folder " + file);
    }

    private int run(String... arguments) {
        return PlacementBench.commandLine(new PrintWriter(out, true), new PrintWriter(err, true),
                Optional.of((traces, svg) -> replayed.add(traces)))
                .execute(arguments);
    }
}
