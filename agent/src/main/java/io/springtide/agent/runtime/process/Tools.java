package io.springtide.agent.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The programs of the machine that the process runtime leans on, found once. */
final class Tools {

    private static final List<Path> FOLDERS = List.of(Path.of("/usr/bin"), Path.of("/bin"),
            Path.of("/usr/sbin"), Path.of("/sbin"));
    private static final long ANSWER_MS_MAX = 10_000;

    private final Optional<Path> setsid = find("setsid");
    private final Optional<Path> env = find("env");
    private final Optional<Path> setpriv = find("setpriv");
    private final List<String> envSignalOptions;
    private final Map<String, String> groupsByUser = new ConcurrentHashMap<>();

    Tools() {
        // A shell starts background work with INT and QUIT ignored, which a task would inherit.
        // coreutils before 8.31 cannot undo it; tasks then merely do not hear Ctrl-C.
        List<String> options = List.of("--default-signal=INT,QUIT,TERM,HUP");
        this.envSignalOptions = env.isPresent()
                && run(List.of(env(), options.get(0), "true")).isPresent() ? options : List.of();
    }

    /** What is missing, as a sentence. */
    Optional<String> missing() {
        if (setsid.isEmpty()) {
            return Optional.of("the program setsid is missing; install the package util-linux");
        }
        if (env.isEmpty() || find("mkfifo").isEmpty()) {
            return Optional
                    .of("the programs env and mkfifo are missing; install the package coreutils");
        }
        return Optional.empty();
    }

    String setsid() {
        return setsid.map(Path::toString).orElse("setsid");
    }

    String env() {
        return env.map(Path::toString).orElse("env");
    }

    List<String> envSignalOptions() {
        return envSignalOptions;
    }

    /**
     * The words that turn a command into one of another user; none for the agent's own user.
     *
     * @throws IllegalArgumentException if that is not possible, with a sentence for people
     */
    List<String> asUser(String user) {
        if (user.isEmpty() || user.equals(System.getProperty("user.name"))) {
            return List.of();
        }
        if (!user.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")) {
            throw new IllegalArgumentException("\"" + user + "\" is not the name of a user");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new IllegalArgumentException("the app wants to run as user " + user
                    + ", which needs an agent that runs as root; this one runs as "
                    + System.getProperty("user.name"));
        }
        if (setpriv.isEmpty()) {
            throw new IllegalArgumentException("the app wants to run as user " + user
                    + ", which needs the program setpriv; install the package util-linux");
        }
        String group = groupsByUser.computeIfAbsent(user, name -> run(List.of("id", "-g", name))
                .orElseThrow(() -> new IllegalArgumentException(
                        "the app wants to run as user " + name
                                + ", whom this machine does not know")));
        return List.of(setpriv.get().toString(), "--reuid=" + user, "--regid=" + group,
                "--init-groups");
    }

    /** Makes a folder and all in it the user's own. */
    void giveTo(Path folder, String user) throws IOException {
        if (run(List.of("chown", "-R", "-h", user, folder.toString())).isEmpty()) {
            throw new IOException("chown of " + folder + " to " + user + " failed");
        }
    }

    static Optional<Path> find(String program) {
        return FOLDERS.stream().map(folder -> folder.resolve(program)).filter(Files::isExecutable)
                .findFirst();
    }

    /** The trimmed output of a short command; empty if it failed. */
    static Optional<String> run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readNBytes(4096),
                    StandardCharsets.UTF_8).trim();
            if (!process.waitFor(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
