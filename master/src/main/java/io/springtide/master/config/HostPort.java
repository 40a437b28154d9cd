package io.springtide.master.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** An address to listen on, written {@code host:port}. */
public record HostPort(String host, int port) {

    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code host:port}; an IPv6 host stands in brackets.
     *
     * @throws IllegalArgumentException if it is written otherwise; says how it is to be
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0)).replaceAll("^\\[(.*)]$", "$1");
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && !host.isEmpty() && port >= 0 && port <= PORT_MAX) {
                return new HostPort(host, port);
            }
        } catch (NumberFormatException ignored) {
            // Said below, together with the other ways to write it wrong.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is not an address: write host:port, e.g. 127.0.0.1:8080");
    }

    /** Whether only this machine reaches it. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
