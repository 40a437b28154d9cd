package io.springtide.agent.health;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One GET request and the beginning of its answer. No HTTP client: nothing is followed or kept, no
 * certificate is looked at, and no more is read than is asked for.
 */
final class HttpGet {

    private static final Logger LOG = LoggerFactory.getLogger(HttpGet.class);
    private static final int LINE_BYTES_MAX = 4096;
    private static final int HEADERS_MAX = 200;
    private static final String CONTENT_TYPE = "content-type";
    private static final String CHUNKED = "chunked";

    /**
     * What was answered.
     *
     * @param body its beginning; empty where none was asked for
     */
    record Answer(int status, String contentType, String body) {}

    private final SSLSocketFactory trusting = trusting();
    private final ScheduledExecutorService timer;

    /** @param timer closes what is too slow */
    HttpGet(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /**
     * Asks; blocks for the timeout at most.
     *
     * @param bodyBytesMax how much of the body is wanted; 0 reads the status line only
     * @throws SocketTimeoutException if the time is over
     * @throws IOException if there is no answer, or none in HTTP; the message is for people
     */
    Answer ask(InetSocketAddress address, String path, boolean secure, long timeoutMs,
            int bodyBytesMax) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Socket plain = new Socket();
        // The time limits of sockets begin anew with every byte of a TLS handshake.
        ScheduledFuture<?> alarm = alarm(plain, timeoutMs);
        try (plain) {
            plain.connect(address, (int) Math.min(timeoutMs, Integer.MAX_VALUE));
            plain.setSoTimeout(leftMs(deadlineNs));
            try (Socket socket = secure
                    ? trusting.createSocket(plain, address.getHostString(), address.getPort(), true)
                    : plain) {
                String wanted = path.startsWith("/") ? path : "/" + path;
                String request = "GET " + wanted.replaceAll("\\s", "%20") + " HTTP/1.1\r\nHost: "
                        + host(address) + ":" + address.getPort()
                        + "\r\nUser-Agent: springtide-agent\r\nAccept: */*\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                return new Reader(socket, deadlineNs).answer(bodyBytesMax);
            }
        } catch (IOException e) {
            leftMs(deadlineNs); // whatever it says: the alarm has closed it
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    private ScheduledFuture<?> alarm(Socket socket, long timeoutMs) throws IOException {
        try {
            return timer.schedule(() -> close(socket), timeoutMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new IOException("the agent is ending", e);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a slow connection failed: {}", e.toString());
        }
    }

    private static String host(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /**
     * The status in the first line of an answer.
     *
     * @throws IOException if it is not one
     */
    static int status(String statusLine) throws IOException {
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/")
                || !words[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException(statusLine.isEmpty()
                    ? "the connection was closed without an answer"
                    : "the answer is not HTTP");
        }
        return Integer.parseInt(words[1]);
    }

    private static int leftMs(long deadlineNs) throws SocketTimeoutException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (leftMs <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(leftMs, Integer.MAX_VALUE);
    }

    /** Reads from a socket that may be slow on purpose: the deadline holds for every byte. */
    private static final class Reader {
        private final Socket socket;
        private final InputStream in;
        private final long deadlineNs;
        private String contentType = "";
        private boolean chunked;

        Reader(Socket socket, long deadlineNs) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream(), LINE_BYTES_MAX);
            this.deadlineNs = deadlineNs;
        }

        Answer answer(int bodyBytesMax) throws IOException {
            int status = status(line());
            if (bodyBytesMax == 0) {
                return new Answer(status, "", "");
            }
            headers();
            byte[] body = chunked ? chunks(bodyBytesMax) : take(bodyBytesMax);
            return new Answer(status, contentType, new String(body, StandardCharsets.UTF_8));
        }

        private int next() throws IOException {
            socket.setSoTimeout(leftMs(deadlineNs));
            return in.read();
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.length() < LINE_BYTES_MAX) {
                int next = next();
                if (next < 0 || next == '\n') {
                    return line.toString().strip();
                }
                line.append((char) next);
            }
            throw new IOException("the answer is not HTTP");
        }

        private void headers() throws IOException {
            int read = 0;
            for (String header = line(); !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                String name = header.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
                String value = header.substring(colon + 1).strip();
                if (name.equals(CONTENT_TYPE)) {
                    contentType = value;
                } else if (name.equals("transfer-encoding")) {
                    chunked = value.toLowerCase(Locale.ROOT).endsWith(CHUNKED);
                }
                if (++read > HEADERS_MAX) {
                    throw new IOException("the answer has more than " + HEADERS_MAX + " headers");
                }
            }
        }

        private byte[] take(int bytesMax) throws IOException {
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            while (taken.size() < bytesMax) {
                int next = next();
                if (next < 0) {
                    break;
                }
                taken.write(next);
            }
            return taken.toByteArray();
        }

        private byte[] chunks(int bytesMax) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() < bytesMax) {
                long length = chunkLength(line());
                if (length == 0) {
                    break;
                }
                byte[] chunk = take((int) Math.min(length, bytesMax - all.size()));
                all.write(chunk);
                if (chunk.length < length) {
                    break; // enough, or the connection is at its end
                }
                line(); // what ends a chunk
            }
            return all.toByteArray();
        }

        private static long chunkLength(String line) throws IOException {
            String digits = line.split(";", 2)[0].strip();
            if (!digits.matches("[0-9a-fA-F]{1,15}")) {
                throw new IOException("the answer is not HTTP: a chunk has no length");
            }
            return Long.parseLong(digits, 16);
        }
    }

    /** Marathon does not verify certificates in health checks: they ask whether, not who. */
    private static SSLSocketFactory trusting() {
        X509TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[]{all}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }
}
