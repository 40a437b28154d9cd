package io.springtide.cloud.haproxy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Has HAProxy take its configuration anew, and knows its former workers, which finish what they have begun. */
final class Reloader {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HaproxySettings settings;

    Reloader(HaproxySettings settings) {
        this.settings = settings;
    }

    /**
     * Asks for it. That it has been done is for others to see.
     *
     * @throws IOException with a sentence, if it cannot be asked for
     */
    void reload() throws IOException, InterruptedException {
        if (settings.masterSocket().isPresent()) {
            try {
                new Control(settings.masterSocket().get(), PATIENCE).ask("reload");
            } catch (IOException e) {
                throw new IOException(
                        e.getMessage() + ", its master socket; start HAProxy with -W -S "
                                + settings.masterSocket().get(),
                        e);
            }
            return;
        }
        String command = String.join(" ", settings.reload());
        Process process = new ProcessBuilder(settings.reload())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("'" + command + "' did not end within " + PATIENCE.toSeconds()
                    + " s; run it by hand and see");
        }
        if (process.exitValue() != 0) {
            throw new IOException("'" + command + "' ended with " + process.exitValue()
                    + "; run it by hand and see");
        }
    }

    /** The statistics of workers that only finish; none where there is no master socket to ask. */
    List<String> formerStats() throws IOException {
        List<String> stats = new ArrayList<>();
        if (settings.masterSocket().isEmpty()) {
            return stats;
        }
        Control master = new Control(settings.masterSocket().get(), Duration.ofSeconds(2));
        boolean former = false;
        for (String line : master.ask("show proc").split("\n", -1)) {
            former = (former && !line.startsWith("#")) || line.startsWith("# old workers");
            String pid = line.split("\\s+", -1)[0];
            if (former && pid.matches("[0-9]+")) {
                stats.add(master.ask("@!" + pid + " show stat"));
            }
        }
        return stats;
    }
}
