package io.springtide.master.store.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** ZooKeeper servers as processes of their own: one alone, or an ensemble. */
public final class ZooKeeperServers implements AutoCloseable {

    private static final int START_SECONDS = 40;

    private final List<Integer> ports = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    /** Starts them and waits until each of them serves. */
    public static ZooKeeperServers start(Path folder, int count)
            throws IOException, InterruptedException {
        ZooKeeperServers servers = new ZooKeeperServers(folder, count);
        boolean started = false;
        try {
            for (int i = 0; i < count; i++) {
                servers.start(i);
            }
            for (int i = 0; i < count; i++) {
                servers.await(i);
            }
            started = true;
            return servers;
        } finally {
            if (!started) {
                servers.close();
            }
        }
    }

    private ZooKeeperServers(Path folder, int count) throws IOException {
        String ensemble = count == 1
                ? ""
                : freePorts(2 * count).stream().map(String::valueOf)
                        .collect(Collectors.joining(","))
                        .replaceAll("([0-9]+),([0-9]+)", "$1:$2");
        ports.addAll(freePorts(count));
        for (int i = 0; i < count; i++) {
            List<String> command = new ArrayList<>(List.of(
                    ProcessHandle.current().info().command().orElse("java"), "-Xmx256m",
                    "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                    ZooKeeperProcess.class.getName(), "--data", folder.resolve("" + i).toString(),
                    "--port", "" + ports.get(i), "--id", "" + (i + 1)));
            if (count > 1) {
                command.addAll(List.of("--ensemble", ensemble));
            }
            commands.add(command);
        }
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    private void start(int server) throws IOException {
        Process process = new ProcessBuilder(commands.get(server))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (server < processes.size()) {
            processes.set(server, process);
        } else {
            processes.add(process);
        }
    }

    /** Kills one. */
    void kill(int server) throws InterruptedException {
        processes.get(server).destroyForcibly().waitFor();
    }

    /** Which of them leads the others. */
    int leader() throws IOException {
        for (int i = 0; i < ports.size(); i++) {
            if (processes.get(i).isAlive() && ask(i, "srvr").contains("Mode: leader")) {
                return i;
            }
        }
        throw new IllegalStateException("no server leads");
    }

    private void await(int server) throws InterruptedException {
        long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        while (true) {
            try {
                if (ask(server, "srvr").contains("Mode: ")) {
                    return;
                }
            } catch (IOException e) {
                if (!processes.get(server).isAlive()) {
                    throw new IllegalStateException("the ZooKeeper server ended", e);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the ZooKeeper server did not serve within " + START_SECONDS + " s");
            }
            Thread.sleep(50);
        }
    }

    private String ask(int server, String word) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ports.get(server))) {
            socket.setSoTimeout(2_000);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    public int port() {
        return ports.getFirst();
    }

    /** {@code host:port} of all. */
    String addresses() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
        }
    }
}
