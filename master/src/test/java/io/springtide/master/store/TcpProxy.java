package io.springtide.master.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server, and cuts them off from each other when told to. */
public final class TcpProxy implements AutoCloseable {

    private final int to;
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    private volatile boolean frozen;

    public TcpProxy(int to) throws IOException {
        this.to = to;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** Closes all connections and refuses new ones, until {@link #mend}. */
    public void cut() {
        cut = true;
        open.forEach(TcpProxy::close);
    }

    /** Passes nothing on any more, and keeps connections open, until {@link #mend}. */
    public void freeze() {
        frozen = true;
    }

    public void mend() {
        cut = false;
        frozen = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            } catch (IOException e) {
                cut = cut || door.isClosed();
            }
        }
    }

    private void pass(Socket from, Socket onTo) {
        byte[] buffer = new byte[1 << 16];
        try (from; onTo) {
            InputStream in = from.getInputStream();
            OutputStream out = onTo.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                while (frozen) {
                    Thread.sleep(5);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            open.remove(from); // cut, or one of the two has left
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(onTo);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(TcpProxy::close);
    }
}
