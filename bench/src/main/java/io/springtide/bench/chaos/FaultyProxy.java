package io.springtide.bench.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a server on this machine, and cuts, withholds in one direction or delays what
 * they say. It needs no privilege. A stream of TCP neither loses nor doubles bytes, so neither does this.
 */
final class FaultyProxy implements Closeable {

    private static final int CHUNK_BYTES = 1 << 14;

    /** More than this under way in a connection holds up the sender, as a full network would. */
    private static final int CHUNKS_MAX = 256;

    private static final long LOOK_MS = 5;

    /** What was read at a time; no bytes = the end. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    private record Chunk(byte[] bytes, long readNs) {}

    private final int to;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean requestsHeld;
    private volatile boolean answersHeld;
    private volatile long delayNs;

    /** Listens at {@code port} of the loopback address for connections to the port {@code to}. */
    FaultyProxy(int port, int to) {
        this(InetAddress.getLoopbackAddress(), port, to);
    }

    /** The same at another address of this machine. */
    FaultyProxy(InetAddress address, int port, int to) {
        this.to = to;
        try {
            this.door = new ServerSocket(port, 100, address);
        } catch (IOException broken) {
            throw new ChaosException("no proxy at port " + port, broken);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Ends all connections and refuses new ones, until {@link #mend}. */
    void cut() {
        cut = true;
        open.forEach(FaultyProxy::end);
    }

    /** What the client says does not arrive any more, what the server says does. */
    void holdRequests() {
        requestsHeld = true;
    }

    /** What the server says does not arrive any more, what the client says does. */
    void holdAnswers() {
        answersHeld = true;
    }

    /** Everything arrives later by so much, in both directions. */
    void delay(Duration by) {
        delayNs = by.toNanos();
    }

    /** What was withheld arrives now, and nothing is cut or delayed any more. */
    void mend() {
        cut = false;
        requestsHeld = false;
        answersHeld = false;
        delayNs = 0;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                connect(door.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) {
        if (cut) {
            end(client);
            return;
        }
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            pass(client, server, true);
            pass(server, client, false);
            if (cut) {
                // Cut between the look at the door and now: nobody else would end these two.
                end(client);
                end(server);
            }
        } catch (IOException nobodyListens) {
            end(client);
        }
    }

    private void pass(Socket from, Socket onTo, boolean requests) {
        BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_MAX);
        Thread.ofVirtual().start(() -> read(from, underWay));
        Thread.ofVirtual().start(() -> write(from, onTo, underWay, requests));
    }

    private static void read(Socket from, BlockingQueue<Chunk> underWay) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            int count;
            do {
                count = readSome(from, buffer);
                underWay.put(new Chunk(Arrays.copyOf(buffer, Math.max(0, count)),
                        System.nanoTime()));
            } while (count > 0);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection that breaks ends what is passed on, like one that is closed. */
    private static int readSome(Socket from, byte[] buffer) {
        try {
            return from.getInputStream().read(buffer);
        } catch (IOException broken) {
            return -1;
        }
    }

    private void write(Socket from, Socket onTo, BlockingQueue<Chunk> underWay,
            boolean requests) {
        try {
            for (Chunk chunk = underWay.take(); chunk.bytes().length > 0; chunk = underWay
                    .take()) {
                while ((!onTo.isClosed() && (requests ? requestsHeld : answersHeld))
                        || System.nanoTime() - chunk.readNs() < delayNs) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                }
                onTo.getOutputStream().write(chunk.bytes());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException broken) {
            open.remove(onTo); // Both ends are closed below: that is all there is to do about it.
        } finally {
            open.remove(from);
            open.remove(onTo);
            end(from);
            end(onTo);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new ChaosException("cannot close a connection of the proxy", broken);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
