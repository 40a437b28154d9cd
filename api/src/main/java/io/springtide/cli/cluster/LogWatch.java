package io.springtide.cli.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Picks warnings and errors out of the logs of a cluster's processes as they are written. One thread. */
public final class LogWatch {
    private static final int PIECE_BYTES = 64 << 10;

    /** A process that complains without end must not fill the terminal. */
    private static final int LINES_A_LOOK_MAX = 5;

    private final Consumer<String> say;
    private final Map<String, Long> offsets = new HashMap<>();

    public LogWatch(Consumer<String> say) {
        this.say = say;
    }

    /** Forwards what is new since the last call; the first call forwards nothing. */
    public void look(LocalCluster cluster) {
        for (Child child : cluster.children()) {
            try (RandomAccessFile file = new RandomAccessFile(child.log().toFile(), "r")) {
                long size = file.length();
                long from = offsets.getOrDefault(child.name(), size);
                if (size < from) {
                    from = 0;
                }
                byte[] bytes = new byte[(int) Math.min(PIECE_BYTES, size - from)];
                file.seek(from);
                file.readFully(bytes);
                offsets.put(child.name(), from + forward(child.name(), bytes));
            } catch (IOException ignored) {
                // Not written yet; the next look finds it.
                offsets.putIfAbsent(child.name(), 0L);
            }
        }
    }

    /** Returns how many bytes whole lines took. */
    private int forward(String name, byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == 0 && bytes.length == PIECE_BYTES) {
            return bytes.length;
        }
        int told = 0;
        int more = 0;
        for (String line : new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            if (isWarning(line)) {
                if (told < LINES_A_LOOK_MAX) {
                    say.accept("[" + name + "] " + line);
                    told++;
                } else {
                    more++;
                }
            }
        }
        if (more > 0) {
            say.accept("[" + name + "] ... and " + more + " more warnings, see its log");
        }
        return end;
    }

    static boolean isWarning(String line) {
        return line.contains(" WARN ") || line.contains(" ERROR ");
    }
}
