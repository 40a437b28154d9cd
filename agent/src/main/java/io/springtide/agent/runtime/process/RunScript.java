package io.springtide.agent.runtime.process;

import io.springtide.agent.runtime.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes the piece of shell that becomes a task. */
final class RunScript {

    private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** A shell gives these a meaning of its own, so they are handed to the task past the shell. */
    private static final Set<String> SHELL_OWN = Set.of("IFS", "OPTIND", "PPID", "LINENO", "PWD",
            "OLDPWD", "PS1",
            "PS2", "PS4", "ENV", "_", "UID", "EUID", "SHELLOPTS", "BASHOPTS");
    /** One program with plain arguments; nothing in it that only a shell can do. */
    private static final Pattern ONE_PROGRAM = Pattern
            .compile("[A-Za-z0-9_./+-]+( +[A-Za-z0-9_./:,@%+=-]+)*");
    private static final Set<String> SHELL_WORDS = Set.of(".", ":", "alias", "bg", "break", "case",
            "cd",
            "command", "continue", "do", "done", "elif", "else", "esac", "eval", "exec", "exit",
            "export", "fc", "fg",
            "fi", "for", "getopts", "hash", "if", "in", "jobs", "local", "read", "readonly",
            "return", "set", "shift",
            "source", "then", "time", "times", "trap", "type", "ulimit", "umask", "unalias",
            "unset", "until", "wait",
            "while");

    private final Tools tools;

    RunScript(Tools tools) {
        this.tools = tools;
    }

    /**
     * The script.
     *
     * @param name of the task's process files, relative to the launcher's folder
     * @param cgroupFiles files to write a 0 to, so that the process joins these groups
     * @throws IllegalArgumentException if the task cannot be run, with a sentence for people
     */
    String compose(String name, Task task, List<Path> cgroupFiles) {
        StringBuilder script = new StringBuilder(512);
        script.append("read -r stat < /proc/self/stat\necho \"$stat\" > ").append(name)
                .append(".pid\n");
        for (Path file : cgroupFiles) {
            script.append("echo 0 > ").append(quoted(file.toString())).append('\n');
        }
        script.append("echo \"started ").append(name).append("\" >&3\n");
        String sandbox = task.sandbox().toString();
        script.append("exec >>").append(quoted(sandbox + "/stdout")).append(" 2>>")
                .append(quoted(sandbox + "/stderr")).append(" 3>&-\n");
        script.append("cd ").append(quoted(sandbox)).append(" || exit 1\n");
        List<String> aside = new ArrayList<>();
        for (Map.Entry<String, String> entry : task.environment().entrySet()) {
            String key = entry.getKey();
            refuse(key.isEmpty() || key.indexOf('=') >= 0 || key.indexOf(0) >= 0
                    || entry.getValue().indexOf(0) >= 0,
                    "the environment variable \"" + key
                            + "\" has a name or value that no process can be given");
            if (SHELL_NAME.matcher(key).matches() && !SHELL_OWN.contains(key)) {
                script.append("export ").append(key).append('=').append(quoted(entry.getValue()))
                        .append('\n');
            } else {
                aside.add(key + "=" + entry.getValue());
            }
        }
        return script.append(command(task, aside)).append('\n').toString();
    }

    private String command(Task task, List<String> aside) {
        List<String> words = new ArrayList<>();
        words.add(tools.setsid());
        words.addAll(tools.asUser(task.spec().getUser()));
        words.add(tools.env());
        words.addAll(tools.envSignalOptions());
        words.addAll(aside);
        String command = task.spec().getCommand();
        if (!command.isEmpty()) {
            words.addAll(List.of("/bin/sh", "-c", withoutIdleShell(command)));
        } else {
            refuse(task.spec().getArgsCount() == 0,
                    "the app has neither cmd nor args, so there is nothing to run");
            // env would take a first word with '=' for a variable
            refuse(task.spec().getArgs(0).indexOf('=') >= 0,
                    "the name of a program cannot hold '='");
            words.addAll(task.spec().getArgsList());
        }
        refuse(words.stream().anyMatch(word -> word.indexOf(0) >= 0),
                "the command holds a NUL character");
        StringBuilder line = new StringBuilder("exec");
        words.forEach(word -> line.append(' ').append(quoted(word)));
        return line.toString();
    }

    /** Spares the shell that would only wait for the one program it starts. */
    static String withoutIdleShell(String command) {
        String trimmed = command.strip();
        boolean program = ONE_PROGRAM.matcher(trimmed).matches()
                && !SHELL_WORDS.contains(trimmed.split(" ", 2)[0]);
        return program ? "exec " + trimmed : command;
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new IllegalArgumentException(message);
        }
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
