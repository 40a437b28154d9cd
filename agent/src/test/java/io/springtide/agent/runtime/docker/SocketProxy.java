package io.springtide.agent.runtime.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between a runtime and a daemon, so that a test can cut them apart, or let the daemon hang. */
final class SocketProxy implements AutoCloseable {

    private final Path socket;
    private final Path daemon;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean hanging;
    /** Complete once a test lets go of the first stream of logs, if it is to be held at all. */
    private final AtomicReference<Optional<CompletableFuture<Void>>> holding = new AtomicReference<>(
            Optional.empty());

    SocketProxy(Path socket, Path daemon) throws IOException {
        this.socket = socket;
        this.daemon = daemon;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::accept);
    }

    Path socket() {
        return socket;
    }

    /** Breaks all connections and takes no new ones. */
    void cut() throws IOException {
        cut = true;
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    void heal() {
        cut = false;
    }

    /** Takes new connections and never says a word. */
    void hang() {
        hanging = true;
    }

    /**
     * Answers the first request for logs in the daemon's stead: without a line, and without an end until
     * the returned future is completed.
     */
    CompletableFuture<Void> holdFirstLogs() {
        CompletableFuture<Void> release = new CompletableFuture<>();
        holding.set(Optional.of(release));
        return release;
    }

    private void accept() {
        try {
            while (server.isOpen()) {
                SocketChannel near = server.accept();
                open.add(near);
                if (cut) {
                    near.close();
                } else if (!hanging) {
                    SocketChannel far = SocketChannel.open(UnixDomainSocketAddress.of(daemon));
                    open.add(far);
                    Thread.ofVirtual().start(() -> forward(near, far));
                    Thread.ofVirtual().start(() -> copy(far, near));
                }
            }
        } catch (IOException ignored) {
            // Closed: the test is over.
        }
    }

    private void forward(SocketChannel near, SocketChannel far) {
        ByteBuffer first = ByteBuffer.allocate(16 << 10);
        try {
            if (near.read(first) >= 0) {
                String request = StandardCharsets.ISO_8859_1.decode(first.flip()).toString();
                Optional<CompletableFuture<Void>> release = request.contains("/logs?follow")
                        ? holding.getAndSet(Optional.empty())
                        : Optional.empty();
                if (release.isPresent()) {
                    near.write(StandardCharsets.US_ASCII.encode("HTTP/1.0 200 OK\r\n\r\n"));
                    release.get().join();
                    near.close();
                } else {
                    far.write(first.rewind());
                }
            }
        } catch (IOException ignored) {
            // Cut; the copying finds the same.
        }
        copy(near, far);
    }

    private void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
        try (from; to) {
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (ClosedChannelException ignored) {
            // Cut.
        } catch (IOException ignored) {
            // The other side has gone.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
        Files.deleteIfExists(socket);
    }
}
