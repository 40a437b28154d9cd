package io.springtide.cloud.haproxy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients on kept connections that ask again and again, and never try twice. */
final class Load implements AutoCloseable {

    final AtomicLong done = new AtomicLong();
    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> clients = new ArrayList<>();

    Load(int port, String host, String path, int count, int perConnection) {
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(() -> ask(port, host, path, perConnection)));
        }
    }

    /** Status and body of one request, with cookies and headers as they are given. */
    static Answer once(int port, String host, String path, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in = reader(socket)) {
            socket.setSoTimeout(10_000);
            return exchange(socket, in, host, path, headers);
        }
    }

    record Answer(int status, String body, String cookie) {}

    private void ask(int port, String host, String path, int perConnection) {
        while (!over.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                    BufferedReader in = reader(socket)) {
                socket.setSoTimeout(10_000);
                for (int i = 0; i < perConnection && !over.get(); i++) {
                    Answer answer = exchange(socket, in, host, path);
                    if (answer.status != 200) {
                        failures.add(answer.toString());
                    }
                    done.incrementAndGet();
                    Thread.sleep(1);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static Answer exchange(Socket socket, BufferedReader in, String host, String path,
            String... headers) throws IOException {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
                + more + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        int status = Integer.parseInt(line(in).split(" ", -1)[1]);
        int length = 0;
        String cookie = "";
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            } else if (lower.startsWith("set-cookie:")) {
                cookie = line.substring(11).strip().split(";", -1)[0];
            }
        }
        char[] body = new char[length];
        for (int at = 0; at < length;) {
            int n = in.read(body, at, length - at);
            if (n < 0) {
                throw new IOException("cut in the body");
            }
            at += n;
        }
        return new Answer(status, new String(body), cookie);
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("closed without an answer");
        }
        return line;
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        over.set(true);
        try {
            for (Thread client : clients) {
                client.join(15_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
