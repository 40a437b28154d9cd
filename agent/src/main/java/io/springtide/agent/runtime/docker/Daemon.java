package io.springtide.agent.runtime.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the Docker daemon: no call lasts longer than allowed, and what goes wrong is told
 * as a sentence.
 */
final class Daemon implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECTIONS_MAX = 24;

    private final URI address;
    private final ScheduledExecutorService clock;
    private final DockerClient client;

    Daemon(DockerSettings settings, ScheduledExecutorService clock) {
        this.address = settings.host();
        this.clock = clock;
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(address.toString()).build();
        // No response timeout: the event stream is silent for hours. call() bounds everything else.
        this.client = DockerClientImpl.getInstance(config,
                new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost())
                        .sslConfig(config.getSSLConfig()).maxConnections(CONNECTIONS_MAX)
                        .connectionTimeout(Duration.ofSeconds(5)).build());
    }

    URI address() {
        return address;
    }

    /** For streams, which end by being closed. */
    DockerClient streaming() {
        return client;
    }

    /**
     * One request and its answer, on the caller's thread. When the time is over the thread is
     * interrupted, which closes the socket it waits on.
     *
     * @throws DaemonException if the daemon is not there or does not answer in time
     * @throws DockerException if it answers with an error
     */
    <T> T call(Duration timeout, Function<DockerClient, T> request) {
        Alarm alarm = new Alarm(Thread.currentThread());
        ScheduledFuture<?> armed = clock.schedule(alarm::ring, timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return request.apply(client);
        } catch (DockerException e) {
            throw e;
        } catch (RuntimeException e) {
            if (alarm.rang()) {
                throw new DaemonException("the Docker daemon at " + address
                        + " has not answered for "
                        + timeout.toSeconds() + " s; look at its log, and restart it if it hangs.",
                        e, true);
            }
            throw unreachable(e);
        } finally {
            armed.cancel(false);
            alarm.disarm();
        }
    }

    /** Why the daemon cannot be used right now; empty if it can. */
    Optional<String> problem(Duration timeout) {
        try {
            call(timeout, c -> c.pingCmd().exec());
            return Optional.empty();
        } catch (DaemonException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (DockerException e) {
            return Optional
                    .of("the Docker daemon at " + address + " answers with an error: " + words(e)
                            + "; look at its log.");
        }
    }

    private DaemonException unreachable(Throwable failure) {
        String text = deepestMessage(failure);
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("permission denied")) {
            return new DaemonException(
                    "the user " + System.getProperty("user.name", "of this process")
                            + " may not use the Docker daemon at " + address
                            + "; add the user to the group 'docker' and start the agent anew.",
                    failure, false);
        }
        if (address.getScheme().equals("unix") && !Files.exists(Path.of(address.getPath()))) {
            return new DaemonException("no Docker daemon at " + address
                    + ": the socket is not there; start Docker (systemctl start docker), or set DOCKER_HOST.",
                    failure, false);
        }
        if (lower.contains("connection refused")) {
            return new DaemonException("no Docker daemon listens at " + address
                    + "; start Docker (systemctl start docker), or set DOCKER_HOST.", failure,
                    false);
        }
        return new DaemonException(
                "the connection to the Docker daemon at " + address + " failed: " + text
                        + "; look whether it runs (docker info).",
                failure, true);
    }

    /** The daemon's own words in an error. */
    static String words(DockerException error) {
        String text = error.getMessage() == null ? "" : error.getMessage().trim();
        int brace = text.indexOf('{');
        if (brace >= 0) {
            try {
                String message = JSON.readTree(text.substring(brace)).path("message").asText("");
                if (!message.isEmpty()) {
                    return stripped(message);
                }
            } catch (JsonProcessingException ignored) {
                // Then it is told as it came.
            }
        }
        return stripped(text);
    }

    private static String stripped(String message) {
        String text = message.strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String deepestMessage(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null
                ? deepest.getClass().getSimpleName()
                : deepest.getMessage();
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("closing the docker client failed", e);
        }
    }

    /** Interrupts a thread, unless that has gone on to something else. */
    private static final class Alarm {
        private final Thread thread;
        private boolean armed = true;
        private boolean rang;

        Alarm(Thread thread) {
            this.thread = thread;
        }

        synchronized void ring() {
            if (armed) {
                rang = true;
                thread.interrupt();
            }
        }

        synchronized boolean rang() {
            return rang;
        }

        synchronized void disarm() {
            armed = false;
            if (rang) {
                // Whether the call has consumed it is not known: the next one must not find it.
                Thread.interrupted();
            }
        }
    }
}
