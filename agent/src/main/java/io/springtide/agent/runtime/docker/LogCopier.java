package io.springtide.agent.runtime.docker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the output of all containers into their sandboxes, on one thread.
 *
 * <p>The daemon offers a container's output only as a stream that lasts as long as the container. The
 * docker client would spend a thread on each; so these streams alone are read here, over sockets of
 * our own and one selector. Where a stream breaks, {@link #follow} takes it up where the file ends.
 */
final class LogCopier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogCopier.class);
    private static final int BUFFER_BYTES = 64 << 10;

    private record Order(long instanceId, String containerId, Path sandbox) {}

    private record Followed(Order order, LogStream stream) {}

    /** What is being read of a container's output, or is about to be. */
    private enum Reading {
        /** As it comes. */
        LIVE,
        /** As it comes, and then once more: the container has ended meanwhile. */
        LIVE_THEN_REST,
        /** What an ended container has left; there is nothing after it. */
        REST
    }

    private final URI daemon;
    private final DockerSettings settings;
    private final Path positions;
    private final Selector selector;
    private final Thread thread;
    /** Followed now, or about to be; bounds the queue too, since an instance is in it once. */
    private final Map<Long, Reading> followed = new ConcurrentHashMap<>();
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    LogCopier(Path dataDir, DockerSettings settings) throws IOException {
        this.daemon = settings.host();
        this.settings = settings;
        this.positions = Files.createDirectories(dataDir.resolve("docker-logs"));
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "docker-logs");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Copies a container's output from where it was left; nothing happens if that is going on. */
    void follow(long instanceId, String containerId, Path sandbox) {
        if (!closed && followed.putIfAbsent(instanceId, Reading.LIVE) == null) {
            orders.add(new Order(instanceId, containerId, sandbox));
            selector.wakeup();
        }
    }

    /**
     * Copies what is left of the output of a container that has ended; {@link #follows} says when that
     * is done. A stream that was opened before the end is not trusted with the last lines: the daemon
     * may close it without them if they and the end come while it is being opened. So once more is read
     * behind it, from where it left off.
     */
    void followToTheEnd(long instanceId, String containerId, Path sandbox) {
        if (closed) {
            return;
        }
        followed.compute(instanceId, (id, reading) -> {
            if (reading == null) {
                orders.add(new Order(instanceId, containerId, sandbox));
                return Reading.REST;
            }
            return reading == Reading.LIVE ? Reading.LIVE_THEN_REST : reading;
        });
        selector.wakeup();
    }

    /** Whether output may still be on its way. */
    boolean follows(long instanceId) {
        return followed.containsKey(instanceId);
    }

    /** Drops the memory of how far the output was copied; the container is removed. */
    void forget(long instanceId) {
        followed.replace(instanceId, Reading.LIVE_THEN_REST, Reading.LIVE);
        try {
            Files.deleteIfExists(positionFile(instanceId));
        } catch (IOException e) {
            LOG.debug("log position of instance {} stays: {}", instanceId, e.toString());
        }
    }

    private Path positionFile(long instanceId) {
        return positions.resolve(Long.toHexString(instanceId));
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (!closed) {
                selector.select(key -> serve(key, buffer));
                for (Order order = orders.poll(); order != null; order = orders.poll()) {
                    open(order);
                }
            }
            for (SelectionKey key : selector.keys()) {
                closeQuietly(((Followed) key.attachment()).stream());
            }
            selector.close();
        } catch (IOException | ClosedSelectorException e) {
            LOG.error("copying of container logs stopped: {}", e.toString());
        }
    }

    private void open(Order order) {
        SocketChannel socket = null;
        try {
            SocketAddress address;
            if (daemon.getScheme().equals("unix")) {
                socket = SocketChannel.open(StandardProtocolFamily.UNIX);
                address = UnixDomainSocketAddress.of(daemon.getPath());
            } else {
                socket = SocketChannel.open();
                address = new InetSocketAddress(daemon.getHost(), daemon.getPort());
            }
            socket.configureBlocking(false);
            LogStream stream = LogStream.open(socket, daemon, order.containerId(), order.sandbox(),
                    positionFile(order.instanceId()), settings);
            boolean connected = socket.connect(address);
            socket.register(selector, connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT,
                    new Followed(order, stream));
        } catch (IOException | RuntimeException e) {
            if (followed.get(order.instanceId()) == Reading.REST) {
                LOG.warn("output.incomplete instance={} error={}; the container {} has ended, and"
                        + " what had not been copied of its output is missing from {}",
                        order.instanceId(), e.toString(), order.containerId(), order.sandbox());
            } else {
                LOG.warn("output of instance {} cannot be copied, tried again later: {}",
                        order.instanceId(), e.toString());
            }
            if (socket != null) {
                closeQuietly(socket);
            }
            ended(order);
        }
    }

    private void serve(SelectionKey key, ByteBuffer buffer) {
        Followed one = (Followed) key.attachment();
        try {
            if (key.isConnectable()) {
                one.stream().socket().finishConnect();
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                if (one.stream().ask()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (key.isReadable() && !one.stream().read(buffer)) {
                end(key, one);
            }
        } catch (IOException | RuntimeException e) {
            broken(one, e);
            end(key, one);
        }
    }

    private void broken(Followed one, Exception why) {
        Order order = one.order();
        if (followed.get(order.instanceId()) == Reading.REST && !one.stream().containerGone()) {
            LOG.warn(
                    "output.incomplete instance={} error={}; the container {} has ended, and what it"
                            + " wrote after {} is missing from {}",
                    order.instanceId(), why.toString(),
                    order.containerId(), one.stream().copiedUntil(), order.sandbox());
        } else {
            // Often just a container that is being removed; what still runs is taken up again.
            LOG.debug("copying the output of instance {} broke off: {}", order.instanceId(),
                    why.toString());
        }
    }

    private void end(SelectionKey key, Followed one) {
        key.cancel();
        closeQuietly(one.stream());
        ended(one.order());
    }

    /** Behind a stream's closing: the next one reads the position that this one has noted. */
    private void ended(Order order) {
        followed.computeIfPresent(order.instanceId(), (id, reading) -> {
            if (reading == Reading.LIVE_THEN_REST) {
                orders.add(order);
                return Reading.REST;
            }
            return null;
        });
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            LOG.debug("closing failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
