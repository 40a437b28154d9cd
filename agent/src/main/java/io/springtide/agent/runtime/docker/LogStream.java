package io.springtide.agent.runtime.docker;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One container's output on its way from the daemon into the sandbox. Owned by the thread of
 * {@link LogCopier}.
 *
 * <p>Every line comes with the daemon's timestamp. After each read the last timestamp and the lengths
 * of both files are noted in a position file; whoever starts anew cuts the files to these lengths and
 * asks for what is younger, so that a crash neither loses nor repeats a line.
 */
final class LogStream implements AutoCloseable {

    private static final int HEADERS_BYTES_MAX = 16 << 10;
    private static final int FRAME_HEADER_BYTES = 8;
    private static final int TIMESTAMP_BYTES_MAX = 40;
    private static final int STDERR = 2;

    private enum Phase {
        HTTP_HEADERS, FRAME_HEADER, TIMESTAMP, PAYLOAD
    }

    private final SocketChannel socket;
    private final FileChannel position;
    private final LogFile stdout;
    private final LogFile stderr;
    private final String known;
    private final ByteBuffer request;
    private final StringBuilder text = new StringBuilder();
    private final byte[] frameHeader = new byte[FRAME_HEADER_BYTES];
    private int frameHeaderFilled;
    private int frameLeft;
    private String last;
    private String current = "";
    private Phase phase = Phase.HTTP_HEADERS;
    private boolean containerGone;

    private LogStream(SocketChannel socket, String hostHeader, String containerId, Noted noted,
            FileChannel position, LogFile stdout, LogFile stderr) {
        this.socket = socket;
        this.known = noted.last();
        this.last = known;
        this.position = position;
        this.stdout = stdout;
        this.stderr = stderr;
        // HTTP/1.0: the answer then comes unchunked and ends with the connection.
        this.request = StandardCharsets.US_ASCII.encode("GET /containers/"
                + URLEncoder.encode(containerId, StandardCharsets.UTF_8)
                + "/logs?follow=1&stdout=1&stderr=1&timestamps=1" + since() + " HTTP/1.0\r\nHost: "
                + hostHeader + "\r\n\r\n");
    }

    /** Opens the files; the socket stays the caller's if that fails. */
    static LogStream open(SocketChannel socket, URI daemon, String containerId, Path sandbox,
            Path positionFile, DockerSettings settings) throws IOException {
        Noted noted = Noted.read(positionFile);
        List<Closeable> opened = new ArrayList<>();
        try {
            FileChannel position = FileChannel.open(positionFile, StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            opened.add(position);
            LogFile stdout = new LogFile(sandbox.resolve("stdout"), settings.logBytesMax(),
                    settings.logFilesOld(), noted.stdoutLength());
            opened.add(stdout);
            LogFile stderr = new LogFile(sandbox.resolve("stderr"), settings.logBytesMax(),
                    settings.logFilesOld(), noted.stderrLength());
            String host = daemon.getHost() == null ? "docker" : daemon.getHost();
            LogStream stream = new LogStream(socket, host, containerId, noted, position, stdout,
                    stderr);
            // From here on everything behind these lengths is ours.
            stream.note();
            return stream;
        } catch (IOException e) {
            for (Closeable one : opened) {
                one.close();
            }
            throw e;
        }
    }

    /** How far an earlier stream had come. */
    private record Noted(String last, long stdoutLength, long stderrLength) {

        /** Sorts before all timestamps. What the files hold already is somebody else's, and stays. */
        static final Noted NOTHING = new Noted("-", Long.MAX_VALUE, Long.MAX_VALUE);

        static Noted read(Path file) throws IOException {
            String[] parts = Files.exists(file)
                    ? Files.readString(file, StandardCharsets.ISO_8859_1).trim().split(" ", -1)
                    : new String[0];
            try {
                return parts.length == 3
                        ? new Noted(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]))
                        : NOTHING;
            } catch (NumberFormatException e) {
                return NOTHING;
            }
        }
    }

    private String since() {
        if (known.equals(Noted.NOTHING.last())) {
            return "";
        }
        try {
            Instant from = Instant.parse(known);
            return String.format("&since=%d.%09d", from.getEpochSecond(), from.getNano());
        } catch (DateTimeException e) {
            return "";
        }
    }

    /** Sends the request; true once all of it is gone. */
    boolean ask() throws IOException {
        socket.write(request);
        return !request.hasRemaining();
    }

    SocketChannel socket() {
        return socket;
    }

    /** The daemon's time of the last line that was copied. */
    String copiedUntil() {
        return last.equals(Noted.NOTHING.last()) ? "its start" : last;
    }

    /** Whether the daemon has answered that there is no such container, or soon will not be. */
    boolean containerGone() {
        return containerGone;
    }

    /**
     * Takes what the daemon has sent, up to the size of the buffer. False at the end.
     *
     * @throws IOException also if the daemon ends in the midst of its answer
     */
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = socket.read(buffer);
        if (count < 0) {
            if (phase != Phase.FRAME_HEADER || frameHeaderFilled > 0) {
                throw new IOException(
                        "the daemon closed the connection in the midst of its answer");
            }
            return false;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            switch (phase) {
                case HTTP_HEADERS -> headers(buffer);
                case FRAME_HEADER -> frame(buffer);
                case TIMESTAMP -> timestamp(buffer);
                case PAYLOAD -> payload(buffer);
            }
        }
        note();
        return true;
    }

    private void headers(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            text.append((char) (buffer.get() & 0xff));
            int n = text.length();
            if (n >= 4 && text.substring(n - 4).equals("\r\n\r\n")) {
                String status = text.substring(0, text.indexOf("\r\n"));
                if (!status.contains(" 200")) {
                    containerGone = status.contains(" 404") || status.contains(" 409");
                    throw new IOException("the daemon answered " + status);
                }
                text.setLength(0);
                phase = Phase.FRAME_HEADER;
                return;
            }
            if (n > HEADERS_BYTES_MAX) {
                throw new IOException("the daemon's answer has no end of headers");
            }
        }
    }

    private void frame(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            frameHeader[frameHeaderFilled++] = buffer.get();
            if (frameHeaderFilled == FRAME_HEADER_BYTES) {
                frameHeaderFilled = 0;
                frameLeft = ByteBuffer.wrap(frameHeader).getInt(4);
                if (frameLeft > 0) {
                    phase = Phase.TIMESTAMP;
                }
                return;
            }
        }
    }

    private void timestamp(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && frameLeft > 0) {
            char c = (char) (buffer.get() & 0xff);
            frameLeft--;
            if (c == ' ') {
                current = text.toString();
                text.setLength(0);
                phase = frameLeft > 0 ? Phase.PAYLOAD : Phase.FRAME_HEADER;
                return;
            }
            text.append(c);
            if (text.length() > TIMESTAMP_BYTES_MAX) {
                throw new IOException("the daemon sent a line without a timestamp");
            }
        }
        if (frameLeft == 0) {
            text.setLength(0);
            phase = Phase.FRAME_HEADER;
        }
    }

    private void payload(ByteBuffer buffer) throws IOException {
        int count = Math.min(frameLeft, buffer.remaining());
        ByteBuffer slice = buffer.slice(buffer.position(), count);
        buffer.position(buffer.position() + count);
        frameLeft -= count;
        // Timestamps have a fixed width, hence compare as text. 'since' includes what is known already.
        if (current.compareTo(known) > 0) {
            (frameHeader[0] == STDERR ? stderr : stdout).write(slice);
        }
        if (frameLeft == 0) {
            if (current.compareTo(last) > 0) {
                last = current;
            }
            phase = Phase.FRAME_HEADER;
        }
    }

    private void note() throws IOException {
        // Between two lines only: a line cut in two would be asked for again, and be cut off before.
        if (phase == Phase.FRAME_HEADER || phase == Phase.HTTP_HEADERS) {
            String line = String.format("%s %019d %019d%n", last, stdout.length(), stderr.length());
            position.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1)), 0);
        }
    }

    @Override
    public void close() throws IOException {
        try (socket; position; stdout; stderr) {
            // All four, whichever fails.
        }
    }
}
