package io.springtide.agent.fetch;

import io.springtide.api.agent.Artifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Brings artifacts from {@code file:}, {@code http:} and {@code https:} addresses into a sandbox and
 * unpacks them. Blocks; called from the threads of a runtime.
 */
public final class Fetcher {

    private static final int CONNECT_MS_MAX = 10_000;
    private static final int READ_MS_MAX = 30_000;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int OUTPUT_BYTES_MAX = 500;
    private static final long POLL_MS = 200;

    private final long bytesMax;
    private static final FetchProgress UNHEARD = (done, total) -> {};

    private final long timeMsMax;
    private final Optional<ArtifactCache> cache;

    /** A fetcher with bounds for each artifact, its unpacking included; without a cache. */
    public Fetcher(long bytesMax, long timeMsMax) {
        this(bytesMax, timeMsMax, Optional.empty());
    }

    private Fetcher(long bytesMax, long timeMsMax, Optional<ArtifactCache> cache) {
        this.bytesMax = bytesMax;
        this.timeMsMax = timeMsMax;
        this.cache = cache;
    }

    /** Two GiB and ten minutes: enough for any archive that belongs into a sandbox. */
    public static Fetcher standard() {
        return new Fetcher(2L << 30, TimeUnit.MINUTES.toMillis(10));
    }

    /** The same with a cache for the artifacts that want one. */
    public Fetcher with(ArtifactCache shared) {
        return new Fetcher(bytesMax, timeMsMax, Optional.of(shared));
    }

    /**
     * Brings an artifact into the cache, unless it is there; blocks. One that wants no cache is passed
     * over.
     *
     * @param cancelled asked now and then; true gives up
     * @return why it did not work, as a sentence; empty if all is well
     */
    public Optional<String> fetchAhead(Artifact artifact, FetchProgress progress,
            BooleanSupplier cancelled) {
        if (cache.isEmpty() || !artifact.getCache()) {
            return Optional.empty();
        }
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeMsMax);
        try {
            URI uri = uri(artifact);
            cache.get().ensure(artifact.getUri(),
                    file -> bring(uri, file, deadlineNs, progress, cancelled));
            return Optional.empty();
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            return Optional.of(sentence(artifact, e));
        }
    }

    /**
     * Fetches all artifacts, in order.
     *
     * @param cancelled asked now and then; true gives up
     * @return why it did not work, as a sentence; empty if all is there
     */
    public Optional<String> fetchAll(List<Artifact> artifacts, Path sandbox,
            BooleanSupplier cancelled) {
        for (Artifact artifact : artifacts) {
            try {
                fetch(artifact, sandbox, cancelled);
            } catch (IOException | URISyntaxException | IllegalArgumentException e) {
                return Optional.of(sentence(artifact, e));
            }
        }
        return Optional.empty();
    }

    private static String sentence(Artifact artifact, Exception why) {
        return "cannot fetch " + withoutSecrets(artifact.getUri()) + ": " + reason(why);
    }

    private static String reason(Exception why) {
        if (why instanceof URISyntaxException broken) {
            // Its message repeats the address with all that is secret in it.
            return "this is no address: " + broken.getReason() + " at character "
                    + broken.getIndex();
        }
        return why.getMessage() == null ? why.toString() : why.getMessage();
    }

    private static URI uri(Artifact artifact) throws URISyntaxException {
        return artifact.getUri().startsWith("/")
                ? Path.of(artifact.getUri()).toUri()
                : new URI(artifact.getUri());
    }

    private void fetch(Artifact artifact, Path sandbox, BooleanSupplier cancelled)
            throws IOException, URISyntaxException {
        URI uri = uri(artifact);
        Path target = target(artifact, uri, sandbox);
        Files.createDirectories(Optional.ofNullable(target.getParent()).orElse(sandbox));
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeMsMax);
        if (artifact.getCache() && cache.isPresent()) {
            cache.get().copy(artifact.getUri(), target,
                    file -> bring(uri, file, deadlineNs, UNHEARD, cancelled));
        } else {
            bring(uri, target, deadlineNs, UNHEARD, cancelled);
        }
        if (artifact.getExecutable()) {
            Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(target));
            mode.addAll(Set.of(PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
            Files.setPosixFilePermissions(target, mode);
        } else if (artifact.getExtract()) {
            extract(target, deadlineNs, cancelled);
        }
    }

    private static Path target(Artifact artifact, URI uri, Path sandbox) throws IOException {
        String name = artifact.getDestPath();
        if (name.isEmpty()) {
            String path = Optional.ofNullable(uri.getPath()).orElse("");
            name = path.substring(path.lastIndexOf('/') + 1);
        }
        Path root = sandbox.toAbsolutePath().normalize();
        Path target = root.resolve(name).normalize();
        if (name.isEmpty() || !target.startsWith(root) || target.equals(root)) {
            throw new IOException("\"" + name + "\" is not a file name inside of the sandbox");
        }
        return target;
    }

    private void bring(URI uri, Path target, long deadlineNs, FetchProgress progress,
            BooleanSupplier cancelled) throws IOException {
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        switch (scheme) {
            case "file" -> {
                Path path = Path.of(uri);
                try (InputStream from = Files.newInputStream(path)) {
                    copy(from, Files.size(path), target, deadlineNs, progress, cancelled);
                }
            }
            case "http", "https" -> download(uri, target, deadlineNs, progress, cancelled);
            default -> throw new IOException("the agent fetches file:, http: and https: only");
        }
    }

    private void download(URI uri, Path target, long deadlineNs, FetchProgress progress,
            BooleanSupplier cancelled) throws IOException {
        URLConnection opened = uri.toURL().openConnection();
        if (!(opened instanceof HttpURLConnection connection)) {
            throw new IOException("not an HTTP address");
        }
        connection.setConnectTimeout(CONNECT_MS_MAX);
        connection.setReadTimeout(READ_MS_MAX);
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the server answered " + connection.getResponseCode());
            }
            try (InputStream from = connection.getInputStream()) {
                copy(from, connection.getContentLengthLong(), target, deadlineNs, progress,
                        cancelled);
            }
        } finally {
            connection.disconnect();
        }
    }

    /** @param bytesAll less than 0 where that is not known */
    private void copy(InputStream from, long bytesAll, Path target, long deadlineNs,
            FetchProgress progress, BooleanSupplier cancelled) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        try (OutputStream to = Files.newOutputStream(target)) {
            for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
                total += length;
                if (total > bytesMax) {
                    throw new IOException("it is larger than " + bytesMax + " bytes");
                }
                check(deadlineNs, cancelled);
                to.write(buffer, 0, length);
                progress.bytes(total, Math.max(total, bytesAll));
            }
        }
    }

    private void check(long deadlineNs, BooleanSupplier cancelled) throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new IOException("the task was killed meanwhile");
        }
        if (System.nanoTime() - deadlineNs > 0) {
            throw new IOException("it took longer than " + timeMsMax + " ms");
        }
    }

    private void extract(Path archive, long deadlineNs, BooleanSupplier cancelled)
            throws IOException {
        String name = String.valueOf(archive.getFileName()).toLowerCase(Locale.ROOT);
        Path folder = Optional.ofNullable(archive.getParent()).orElseThrow();
        if (name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".tar")
                || name.endsWith(".tar.bz2")
                || name.endsWith(".tbz2") || name.endsWith(".tar.xz") || name.endsWith(".txz")) {
            run(List.of("tar", "-x", "--no-same-owner", "-f", archive.toString()), folder,
                    deadlineNs, cancelled);
        } else if (name.endsWith(".zip")) {
            run(List.of("unzip", "-o", "-q", archive.toString()), folder, deadlineNs, cancelled);
        }
        // Anything else is no archive; Mesos, too, leaves it as it is.
    }

    private void run(List<String> command, Path folder, long deadlineNs, BooleanSupplier cancelled)
            throws IOException {
        Path output = Files.createTempFile("fetch", ".out");
        Process process;
        try {
            process = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile()).start();
        } catch (IOException e) {
            Files.delete(output);
            throw new IOException(
                    "the program " + command.get(0)
                            + " is missing on this agent; install it to unpack archives",
                    e);
        }
        try {
            while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                check(deadlineNs, cancelled);
            }
            if (process.exitValue() != 0) {
                try (InputStream said = Files.newInputStream(output)) {
                    throw new IOException(command.get(0) + " failed: "
                            + new String(said.readNBytes(OUTPUT_BYTES_MAX),
                                    java.nio.charset.StandardCharsets.UTF_8)
                                    .strip());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent is going down", e);
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    /** Addresses may hold a password or a signature. */
    private static String withoutSecrets(String uri) {
        return uri.replaceAll("//[^/@]*@", "//").replaceAll("[?].*", "");
    }
}
