package io.springtide.agent.health;

import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Carries out one health check, blocking for its timeout at most. */
final class Probe {

    private static final int STATUS_LINE_BYTES_MAX = 4096;
    private static final long TIMEOUT_MS_FALLBACK = 20_000;

    private final SSLSocketFactory trusting = trusting();

    Outcome run(HealthTarget target, HealthCheck check) {
        long timeoutMs = check.getTimeoutMs() > 0 ? check.getTimeoutMs() : TIMEOUT_MS_FALLBACK;
        try {
            return switch (check.getProtocol()) {
                case TCP -> tcp(target, check, timeoutMs);
                case HTTP -> http(target, check, timeoutMs, false);
                case HTTPS -> http(target, check, timeoutMs, true);
                case COMMAND -> command(target, check, timeoutMs);
                case UNRECOGNIZED ->
                    new Outcome.Unhealthy("this agent is too old for this kind of check");
            };
        } catch (SocketTimeoutException e) {
            return new Outcome.Unhealthy("no answer within " + timeoutMs + " ms");
        } catch (IOException | IllegalArgumentException e) {
            return new Outcome.Unhealthy(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Ignored();
        }
    }

    private static Outcome tcp(HealthTarget target, HealthCheck check, long timeoutMs)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address(target, check), (int) timeoutMs);
            return new Outcome.Healthy();
        }
    }

    /** The status line is all that counts, so no HTTP client: nothing is followed, kept or parsed further. */
    private Outcome http(HealthTarget target, HealthCheck check, long timeoutMs, boolean secure)
            throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        InetSocketAddress address = address(target, check);
        try (Socket plain = new Socket()) {
            plain.connect(address, (int) timeoutMs);
            plain.setSoTimeout(leftMs(deadlineNs));
            try (Socket socket = secure
                    ? trusting.createSocket(plain, address.getHostString(), address.getPort(), true)
                    : plain) {
                String path = check.getPath().isEmpty() ? "/" : check.getPath();
                String request = "GET "
                        + (path.startsWith("/") ? path : "/" + path).replaceAll("\\s", "%20")
                        + " HTTP/1.1\r\nHost: " + host(address) + ":" + address.getPort()
                        + "\r\nUser-Agent: springtide-agent\r\nAccept: */*\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                return judge(statusLine(socket, deadlineNs), check);
            }
        }
    }

    private static String host(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static String statusLine(Socket socket, long deadlineNs) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), STATUS_LINE_BYTES_MAX);
        StringBuilder line = new StringBuilder();
        while (line.length() < STATUS_LINE_BYTES_MAX) {
            socket.setSoTimeout(leftMs(deadlineNs));
            int next = in.read();
            if (next < 0 || next == '\n') {
                return line.toString().strip();
            }
            line.append((char) next);
        }
        throw new IOException("the answer is not HTTP");
    }

    private static int leftMs(long deadlineNs) throws SocketTimeoutException {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (leftMs <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(leftMs, Integer.MAX_VALUE);
    }

    static Outcome judge(String statusLine, HealthCheck check) {
        String[] words = statusLine.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/")
                || !words[1].matches("[1-5][0-9][0-9]")) {
            return new Outcome.Unhealthy(statusLine.isEmpty()
                    ? "the connection was closed without an answer"
                    : "the answer is not HTTP");
        }
        int status = Integer.parseInt(words[1]);
        if (status < 200 && check.getIgnoreHttp1Xx()) {
            return new Outcome.Ignored();
        }
        return status >= 200 && status < 400
                ? new Outcome.Healthy()
                : new Outcome.Unhealthy("HTTP status " + status);
    }

    private static Outcome command(HealthTarget target, HealthCheck check, long timeoutMs)
            throws IOException, InterruptedException {
        if (target.spec().getRuntime() == Runtime.DOCKER) {
            return new Outcome.Unhealthy(
                    "COMMAND checks cannot look into a container yet; use HTTP or TCP");
        }
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", check.getCommand());
        String path = builder.environment().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().put("PATH", path);
        builder.environment().putAll(target.environment());
        Process process = builder.directory(target.sandbox().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))).start();
        try {
            if (!process.waitFor(timeoutMs, TimeUnit.MILLISECONDS)) {
                return new Outcome.Unhealthy("the command took longer than " + timeoutMs + " ms");
            }
            return process.exitValue() == 0
                    ? new Outcome.Healthy()
                    : new Outcome.Unhealthy(
                            "the command ended with exit code " + process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Where to knock: the container's own address where it has one, else a host port of this machine. */
    static InetSocketAddress address(HealthTarget target, HealthCheck check) throws IOException {
        String loopback = check.getIpv6() ? "::1" : "127.0.0.1";
        String own = target.ipAddress().isEmpty() ? loopback : target.ipAddress();
        if (check.getPort() > 0) {
            return new InetSocketAddress(InetAddress.getByName(own), check.getPort());
        }
        TaskSpec spec = target.spec();
        int index = check.getPortIndex();
        if (index >= spec.getPortsCount()) {
            throw new IOException("the check names port index " + index + ", but the app has only "
                    + spec.getPortsCount() + " ports");
        }
        PortSpec port = spec.getPorts(index);
        int inside = port.getContainerPort();
        if (!target.ipAddress().isEmpty() && inside > 0) {
            return new InetSocketAddress(InetAddress.getByName(own), inside);
        }
        OptionalInt hostPort = hostPort(target, index);
        return new InetSocketAddress(InetAddress.getByName(loopback), hostPort.orElse(inside));
    }

    private static OptionalInt hostPort(HealthTarget target, int index) {
        if (!target.spec().getPorts(index).getHostPort()) {
            return OptionalInt.empty();
        }
        int before = (int) target.spec().getPortsList().subList(0, index).stream()
                .filter(PortSpec::getHostPort)
                .count();
        return before < target.hostPorts().size()
                ? OptionalInt.of(target.hostPorts().get(before))
                : OptionalInt.empty();
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
