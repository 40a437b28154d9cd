package io.springtide.cloud.haproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Speaks to HAProxy on a Unix socket, one connection for each line. Nothing waits longer than is said.
 */
final class Control {

    private static final int ANSWER_MAX = 64 << 20;
    /** HAProxy takes a line of at most {@code tune.bufsize}, 16 KiB. */
    private static final int LINE_MAX = 8_000;
    private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9@!_ ./:%-]+");

    private final Path socket;
    private final String prefix;
    private final Duration patience;

    /** Of a process that is spoken to itself. */
    Control(Path socket, Duration patience) {
        this(socket, "", patience);
    }

    /**
     * Of a process that is spoken to through its master.
     *
     * @param prefix before every command, e.g. {@code "@1 "} for the worker
     */
    Control(Path socket, String prefix, Duration patience) {
        this.socket = socket;
        this.prefix = prefix;
        this.patience = patience;
    }

    /**
     * Asks one thing.
     *
     * @throws IOException if HAProxy is not there, or takes too long
     */
    String ask(String command) throws IOException {
        if (!COMMAND.matcher(command).matches()) {
            throw new IllegalArgumentException("'" + command + "' is not one command");
        }
        return exchange(prefix + command + "\n");
    }

    /** Tells many things in their order, in few lines; gives the answers that are not empty. */
    List<String> tell(List<String> commands) throws IOException {
        List<String> answers = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String command : commands) {
            if (!COMMAND.matcher(command).matches()) {
                throw new IllegalArgumentException("'" + command + "' is not one command");
            }
            if (line.length() + command.length() > LINE_MAX) {
                answers.add(exchange(line + "\n"));
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : ";").append(prefix).append(command);
        }
        if (!line.isEmpty()) {
            answers.add(exchange(line + "\n"));
        }
        return answers.stream().flatMap(String::lines).filter(l -> !l.isBlank()).toList();
    }

    /** What {@code show info} says, by name. */
    Map<String, String> info() throws IOException {
        Map<String, String> info = new HashMap<>();
        for (String line : ask("show info").split("\n", -1)) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                info.put(line.substring(0, colon), line.substring(colon + 2).strip());
            }
        }
        if (!info.containsKey("Pid")) {
            throw new IOException("'show info' was not answered by a HAProxy");
        }
        return info;
    }

    private String exchange(String line) throws IOException {
        try {
            return answer(line);
        } catch (IOException e) {
            throw new IOException("HAProxy does not answer on " + socket + " (" + e.getMessage()
                    + ")", e);
        }
    }

    private String answer(String line) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Else connecting would wait for a HAProxy that hangs as long as its queue is full.
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                do {
                    await(selector, deadline);
                } while (!channel.finishConnect());
            }
            key.interestOps(SelectionKey.OP_WRITE);
            ByteBuffer out = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            while (out.hasRemaining()) {
                await(selector, deadline);
                channel.write(out);
            }
            // The master would keep the connection for further lines.
            channel.shutdownOutput();
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer in = ByteBuffer.allocate(64 << 10);
            while (true) {
                await(selector, deadline);
                int n = channel.read(in);
                if (n < 0) {
                    return answer.toString(StandardCharsets.UTF_8);
                }
                answer.write(in.array(), 0, in.position());
                in.clear();
                if (answer.size() > ANSWER_MAX) {
                    throw new IOException("the answer is longer than " + ANSWER_MAX + " bytes");
                }
            }
        }
    }

    private void await(Selector selector, long deadline) throws IOException {
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0 || Thread.currentThread().isInterrupted()) {
            throw new IOException("no answer within " + patience.toMillis() + " ms");
        }
        selector.select(leftMs);
        selector.selectedKeys().clear();
    }
}
