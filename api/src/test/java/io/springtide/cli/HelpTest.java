package io.springtide.cli;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"up", "demo", "app", "ps", "logs", "why", "agents", "queue",
            "deployments", "events",
            "status", "master", "agent", "bench", "sim", "chaos",
            "completion", "version", "help", "app run",
            "app list",
            "app show", "app scale",
            "app restart", "app versions", "app rollback", "app weights", "app kill", "app rm",
            "group", "group list", "group show", "group apply", "group scale", "group remove",
            "group versions", "group rollback", "pod", "pod list", "pod show", "pod run",
            "pod remove", "compose", "compose up", "compose down", "compose ps",
            "compose convert", "plan", "deployments list", "deployments show",
            "deployments watch", "deployments cancel", "deployments pause", "deployments resume",
            "deployments promote", "deployments abort", "traffic", "traffic show",
            "traffic release"})
    void everyCommandExplainsItself(String command) {
        String[] words = (command + " --help").split(" ", -1);
        Session byOption = Session.run("x", words);
        assertThat(byOption.code()).isZero();
        assertThat(byOption.out()).startsWith("Usage: tide " + command);
        assertThat(byOption.out().lines()).allMatch(line -> line.length() <= 100);
        Session byHelp = Session.run("x", ("help " + command).split(" ", -1));
        assertThat(byHelp.out()).startsWith("Usage: tide " + command);
    }

    @Test
    void aloneItShowsEverything() {
        Session session = Session.run("x");
        assertThat(session.code()).isZero();
        assertThat(session.out()).contains("up", "demo", "app", "why", "exit-codes");
        assertThat(Session.run("x", "--help").out()).isEqualTo(session.out());
        assertThat(Session.run("x", "--version").out()).startsWith("tide ");
        assertThat(Session.run("x", "version").out()).startsWith("tide ");
    }

    @Test
    void helpOnNothingKnownIsMisuse() {
        assertThat(Session.run("x", "help", "nonsense").code()).isEqualTo(2);
    }

    @Test
    void bashTakesTheCompletionScriptAndCompletes(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("completion.bash");
        Files.writeString(script, Session.run("x", "completion", "bash").out());
        String probe = "source " + script
                + "; COMP_WORDS=(tide app sc); COMP_CWORD=2; COMP_LINE='tide app sc'; "
                + "_complete_tide; printf '%s\\n' \"${COMPREPLY[@]}\""
                + "; COMP_WORDS=(tide deployments pr); COMP_LINE='tide deployments pr'; "
                + "_complete_tide 2>/dev/null; printf '%s\\n' \"${COMPREPLY[@]}\"";
        File output = folder.resolve("out").toFile();
        Process bash = new ProcessBuilder("bash", "--norc", "-c", probe).redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output.toPath(), StandardCharsets.UTF_8))
                .isEqualTo("scale\npromote\n");
    }

    @Test
    void theZshScriptLoadsWhatItNeedsFirst() {
        assertThat(Session.run("x", "completion", "zsh").out())
                .startsWith("autoload -U +X compinit");
    }
}
