package io.springtide.bench.traffic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A run of {@code wrk}, the load generator of Debian's package of that name. */
final class Wrk implements AutoCloseable {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern BROKEN = Pattern.compile(
            "Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    private final Process process;

    /**
     * What came of it.
     *
     * @param perSecond requests that were answered
     * @param requests all of them
     * @param failed answers other than 2xx and 3xx, and connections that broke or stood still for 2 s
     */
    record Result(double perSecond, long requests, long failed) {}

    /** Starts it: two threads, keep-alive. @throws IOException if there is no wrk on this machine */
    Wrk(URI target, String host, int connections, Duration duration) throws IOException {
        try {
            process = new ProcessBuilder(List.of("wrk", "-t2", "-c" + connections,
                    "-d" + duration.toSeconds() + "s", "-H", "Host: " + host,
                    target.toString())).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(
                    "wrk cannot be started (build-support/install-haproxy.sh installs it): "
                            + e.getMessage(),
                    e);
        }
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Has it end now, and say what came of it so far, as after Ctrl-C. */
    void stop() throws IOException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    }

    /** Waits for its end. */
    Result result() throws IOException {
        return read(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Reads what wrk prints in the end. */
    static Result read(String said) throws IOException {
        Matcher rate = RATE.matcher(said);
        Matcher requests = REQUESTS.matcher(said);
        if (!rate.find() || !requests.find()) {
            throw new IOException("wrk failed: " + said.strip());
        }
        long failed = 0;
        Matcher refused = REFUSED.matcher(said);
        if (refused.find()) {
            failed += Long.parseLong(refused.group(1));
        }
        Matcher broken = BROKEN.matcher(said);
        if (broken.find()) {
            for (int i = 1; i <= broken.groupCount(); i++) {
                failed += Long.parseLong(broken.group(i));
            }
        }
        return new Result(Double.parseDouble(rate.group(1)), Long.parseLong(requests.group(1)),
                failed);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            process.getInputStream().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
