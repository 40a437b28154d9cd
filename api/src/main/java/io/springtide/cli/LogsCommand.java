package io.springtide.cli;

import io.springtide.api.client.FilePart;
import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide logs}: what tasks wrote. */
@Command(name = "logs", //
        description = "Print what a task wrote, or all tasks of an app, and follow it.", //
        footer = {
                "", "Examples:", "  tide logs -f /shop",
                "  tide logs shop.instance-1._app.1 --stderr --tail 500"})
final class LogsCommand extends ApiCommand {
    /** More tasks than this at once help nobody, and each is asked several times a second. */
    private static final int TASKS_MAX = 50;

    private static final int PIECE_BYTES = 256 << 10;
    private static final long POLL_MS = 500;

    @Parameters(paramLabel = "TASK|APP", description = "A task, or an app for all its tasks.")
    private String what = "";

    @Option(names = {"-f", "--follow"}, description = "Go on until Ctrl-C.")
    private boolean follow;

    @Option(names = "--stderr", description = "The error output instead of the output.")
    private boolean stderr;

    @Option(names = {"-n",
            "--tail"}, //
            paramLabel = "N|all", //
            defaultValue = "100", //
            description = "How many lines to begin with (default 100).")
    private String tail = "100";

    LogsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        int lines = tailLines();
        List<Tail> tails = new ArrayList<>();
        for (String task : tasks(client)) {
            tails.add(new Tail(client, task, stderr ? "stderr" : "stdout"));
        }
        boolean named = tails.size() > 1;
        int gone = 0;
        for (Tail each : tails) {
            try {
                print(each, each.begin(lines), named, !follow);
            } catch (TideException.Refused refused) {
                if (!named) {
                    throw refused;
                }
                terminal.say(each.taskId + ": " + refused.getMessage());
                gone++;
            }
        }
        if (gone == tails.size()) {
            return Exit.NOT_FOUND;
        }
        while (follow && !terminal.out().checkError()) {
            DeploymentWatch.pause(POLL_MS);
            for (Tail each : tails) {
                try {
                    print(each, each.more(), named, false);
                } catch (TideException.Refused | TideException.Unreachable passing) {
                    each.complainOnce(terminal, passing);
                }
            }
        }
        return Exit.OK;
    }

    private int tailLines() {
        if (tail.equals("all")) {
            return Integer.MAX_VALUE;
        }
        try {
            int lines = Integer.parseInt(tail);
            if (lines >= 0) {
                return lines;
            }
        } catch (NumberFormatException ignored) {
            // Told below, together with what is negative.
        }
        throw new CliException(Exit.USAGE,
                "--tail needs a number of lines or 'all', not '" + tail + "'.", "");
    }

    private List<String> tasks(TideClient client) {
        if (what.contains(".instance-")) {
            return List.of(what);
        }
        String id = appId(what);
        List<String> tasks = new ArrayList<>();
        for (Json task : client.get("/v2/apps" + TideClient.appPath(id) + "/tasks").body()
                .get("tasks").items()) {
            tasks.add(task.get("id").text());
        }
        if (tasks.isEmpty()) {
            throw new CliException(Exit.NOT_FOUND, id + " has no tasks.",
                    "See why: tide why " + id);
        }
        if (tasks.size() > TASKS_MAX) {
            terminal.say(
                    id + " has " + tasks.size() + " tasks; these are the first " + TASKS_MAX + ".");
            return tasks.subList(0, TASKS_MAX);
        }
        return tasks;
    }

    private void print(Tail from, byte[] bytes, boolean named, boolean last) {
        if (!named) {
            terminal.out().write(bytes, 0, bytes.length);
        } else {
            for (byte[] line : from.lines(bytes, last)) {
                terminal.out().print(from.shortName());
                terminal.out().print(" | ");
                terminal.out().write(line, 0, line.length);
                terminal.out().print("\n");
            }
        }
        terminal.out().flush();
    }

    /** The end of one file, as it grows. */
    private static final class Tail {
        private final TideClient client;
        private final String taskId;
        private final String file;
        private long offset;
        private byte[] unfinished = new byte[0];
        private boolean complained;

        Tail(TideClient client, String taskId, String file) {
            this.client = client;
            this.taskId = taskId;
            this.file = file;
        }

        /** The last lines of what is there. */
        byte[] begin(int lines) {
            if (lines == Integer.MAX_VALUE) {
                return more();
            }
            FilePart part = client.file(taskId, file, -PIECE_BYTES, PIECE_BYTES);
            offset = part.offset() + part.bytes().length;
            byte[] bytes = part.bytes();
            int start = bytes.length;
            int seen = 0;
            // The newline at the very end closes the last line, it does not begin another.
            while (start > 0 && lines > 0) {
                if (bytes[start - 1] == '\n' && start < bytes.length) {
                    seen++;
                    if (seen == lines) {
                        break;
                    }
                }
                start--;
            }
            return java.util.Arrays.copyOfRange(bytes, lines == 0 ? bytes.length : start,
                    bytes.length);
        }

        /** What has come since. */
        byte[] more() {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            while (all.size() < 64 * PIECE_BYTES) {
                FilePart part = client.file(taskId, file, offset, PIECE_BYTES);
                if (part.sizeBytes() < offset) {
                    // The file was rotated: what follows is a new one.
                    offset = 0;
                    continue;
                }
                all.writeBytes(part.bytes());
                offset = part.offset() + part.bytes().length;
                if (part.bytes().length < PIECE_BYTES) {
                    break;
                }
            }
            complained = false;
            return all.toByteArray();
        }

        /** Whole lines; the rest waits for its end, unless this is the last call. */
        List<byte[]> lines(byte[] fresh, boolean last) {
            byte[] bytes = java.util.Arrays.copyOf(unfinished, unfinished.length + fresh.length);
            System.arraycopy(fresh, 0, bytes, unfinished.length, fresh.length);
            List<byte[]> lines = new ArrayList<>();
            int start = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == '\n') {
                    lines.add(java.util.Arrays.copyOfRange(bytes, start, at));
                    start = at + 1;
                }
            }
            unfinished = java.util.Arrays.copyOfRange(bytes, start, bytes.length);
            if (unfinished.length > 0 && (last || unfinished.length > PIECE_BYTES)) {
                lines.add(unfinished);
                unfinished = new byte[0];
            }
            return lines;
        }

        /** App and the beginning of what tells its instances apart. */
        String shortName() {
            int mark = taskId.indexOf(".instance-");
            if (mark < 0) {
                return taskId;
            }
            int end = taskId.indexOf("._app", mark);
            String instance = taskId.substring(mark + ".instance-".length(),
                    end < 0 ? taskId.length() : end);
            return taskId.substring(0, mark) + "."
                    + instance.substring(Math.max(0, instance.length() - 12));
        }

        void complainOnce(Terminal terminal, TideException trouble) {
            if (!complained) {
                terminal.say(taskId + ": " + trouble.getMessage() + " (trying on)");
                complained = true;
            }
        }
    }
}
