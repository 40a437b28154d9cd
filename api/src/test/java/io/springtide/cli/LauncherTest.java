package io.springtide.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: the launcher finds Java, passes everything on, and is clear about what is missing. Method: a
 * copy of it in a folder with stand-ins for jars and JDKs; the stand-in for java prints its arguments.
 */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "tide").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void isPlainShell() throws Exception {
        assertThat(run(Map.of(), "sh", "-n", LAUNCHER.toString()).code()).isZero();
    }

    @Test
    void startsTheCommandWithTheSmallClassPath() throws Exception {
        Path home = project();
        Session session = run(Map.of("JAVA_HOME", jdk("25.0.1").toString(), "TIDE_SKIP_BUILD", "1"),
                home.resolve("tide").toString(), "ps", "two words");
        assertThat(session.code()).isZero();
        assertThat(session.out()).contains("<io.springtide.cli.Tide>\n<ps>\n<two words>\n",
                "<-Xbootclasspath/a:" + home + "/api/target/lib/picocli-1.jar>\n<-cp>\n<" + home
                        + "/api/target/api-9.jar:" + home + "/api/target/lib/jackson-core-1.jar:"
                        + home + "/api/target/lib/snakeyaml-engine-1.jar>")
                .doesNotContain("databind", "sun-misc-unsafe");
    }

    @Test
    void worksThroughSymbolicLinksAndFromAnywhere() throws Exception {
        Path home = project();
        Path link = Files.createSymbolicLink(folder.resolve("linked"), home.resolve("tide"));
        Path second = Files.createSymbolicLink(folder.resolve("again"), Path.of("linked"));
        assertThat(link).isSymbolicLink();
        Session session = run(Map.of("JAVA_HOME", jdk("21").toString(), "TIDE_SKIP_BUILD", "1"),
                second.toString(), "ps");
        assertThat(session.out()).contains("<-Dtide.home=" + home + ">");
    }

    @Test
    void serversGetTheirOwnClassPathAndOptions() throws Exception {
        Path home = project();
        Map<String, String> new25 = Map.of("JAVA_HOME", jdk("25").toString(), "TIDE_SKIP_BUILD",
                "1", "TIDE_AGENT_OPTS",
                "-Xmx64m -Dx=y");
        assertThat(run(new25, home.resolve("tide").toString(), "agent", "--id", "a").out())
                .contains(
                        "<--sun-misc-unsafe-memory-access=allow>", "<-Xmx64m>\n<-Dx=y>",
                        "agent/target/lib/*>",
                        "<io.springtide.agent.AgentMain>\n<--id>\n<a>\n");
        Map<String, String> old21 = Map.of("JAVA_HOME", jdk("21.0.2").toString(), "TIDE_SKIP_BUILD",
                "1");
        assertThat(run(old21, home.resolve("tide").toString(), "master", "--help").out())
                .contains("<io.springtide.master.MasterMain>\n<--help>\n", "<-Xmx1g>")
                .doesNotContain("sun-misc-unsafe");
    }

    @Test
    void anOldJavaHomeIsPassedOver() throws Exception {
        Path home = project();
        Path good = jdk("21");
        Session session = run(
                Map.of("JAVA_HOME", jdk("17.0.9").toString(), "TIDE_SKIP_BUILD", "1", "PATH",
                        good.resolve("bin") + ":/usr/bin:/bin"),
                home.resolve("tide").toString(), "ps");
        assertThat(session.code()).isZero();
        assertThat(session.out()).contains("<io.springtide.cli.Tide>");
    }

    @Test
    void aBuildThatFailsIsToldWithTheEndOfItsLog() throws Exception {
        Path home = project();
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.delete(home.resolve("master/target/master-9.jar"));
        script(home.resolve("mvnw"),
                "echo '[INFO] Building api 9 [1/3]'; echo '[ERROR] no such plugin'; exit 1");
        Session session = run(Map.of("JAVA_HOME", jdk("21").toString()),
                home.resolve("tide").toString(), "ps");
        assertThat(session.code()).isEqualTo(69);
        assertThat(session.err()).contains("[ERROR] no such plugin", "the build failed (exit 1)",
                "tide-build.log");
    }

    @Test
    void whatIsMissingIsBuiltOnceAndStaleOnesAgain() throws Exception {
        Path home = project();
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.delete(home.resolve("master/target/master-9.jar"));
        script(home.resolve("mvnw"),
                "echo run >> '" + home + "/builds'; mkdir -p '" + home + "/api/target/lib' '" + home
                        + "/agent/target/lib' '" + home + "/master/target/lib'; : > '" + home
                        + "/master/target/master-9.jar'");
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("21").toString());
        assertThat(run(environment, home.resolve("tide").toString(), "ps").code()).isZero();
        assertThat(run(environment, home.resolve("tide").toString(), "ps").code()).isZero();
        assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(1);
        Files.createDirectories(home.resolve("api/src/main"));
        Path source = Files.writeString(home.resolve("api/src/main/New.java"), "");
        Files.setLastModifiedTime(source, java.nio.file.attribute.FileTime.fromMillis(
                Files.getLastModifiedTime(home.resolve("target/tide-build.stamp")).toMillis()
                        + 5_000));
        assertThat(run(environment, home.resolve("tide").toString(), "ps").code()).isZero();
        assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(2);
    }

    @Test
    void theBenchmarksAreBuiltOnlyForTheOneWhoCallsThem() throws Exception {
        Path home = project();
        Path pom = Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.setLastModifiedTime(pom, java.nio.file.attribute.FileTime.fromMillis(0));
        script(home.resolve("mvnw"),
                "echo \"$4\" >> '" + home
                        + "/builds'; for m in api agent master bench; do mkdir -p '"
                        + home + "'/$m/target/lib; done; : > '" + home
                        + "/bench/target/bench-9.jar'");
        Map<String, String> environment = Map.of("JAVA_HOME", jdk("21").toString(),
                "TIDE_BENCH_OPTS", "-Xmx1g");
        String tide = home.resolve("tide").toString();
        assertThat(run(environment, tide, "ps").code()).isZero();
        assertThat(home.resolve("builds")).doesNotExist();
        assertThat(run(environment, tide, "bench", "placement", "--quick").out()).contains(
                "<-Xmx8g>\n<-Xmx1g>", "bench/target/lib/*>",
                "<io.springtide.bench.BenchMain>\n<placement>\n<--quick>\n");
        assertThat(run(environment, tide, "bench", "--help").code()).isZero();
        assertThat(run(environment, tide, "chaos", "--rounds", "1").out())
                .contains("<io.springtide.bench.BenchMain>\n<chaos>\n<--rounds>\n");
        assertThat(Files.readAllLines(home.resolve("builds")))
                .containsExactly("api,agent,master,bench");
    }

    /** A folder like the project's, built. */
    private Path project() throws Exception {
        Path home = Files.createDirectories(folder.toRealPath().resolve("project"));
        Files.copy(LAUNCHER, home.resolve("tide"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        for (String module : List.of("api", "agent", "master")) {
            Files.createDirectories(home.resolve(module + "/target/lib"));
            Files.writeString(home.resolve(module + "/target/" + module + "-9.jar"), "");
        }
        for (String jar : List.of("picocli-1.jar", "jackson-core-1.jar",
                "snakeyaml-engine-1.jar", "jackson-databind-1.jar")) {
            Files.writeString(home.resolve("api/target/lib/" + jar), "");
        }
        return home;
    }

    private Path jdk(String version) throws Exception {
        Path jdk = Files.createDirectories(folder.resolve("jdk-" + version));
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(jdk.resolve("bin/java"), "for word in \"$@\"; do printf '<%s>\\n' \"$word\"; done");
        script(jdk.resolve("bin/javac"), "exit 1");
        return jdk;
    }

    private static void script(Path file, String body) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Session run(Map<String, String> environment, String... command) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet()
                .removeIf(name -> name.startsWith("TIDE_") || name.equals("JAVA_HOME"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Session(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
