package io.springtide.agent.link;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a master's agent gateway listens. */
public record MasterAddress(String host, int port) {

    public MasterAddress {
        if (host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not an address: " + host + ":" + port);
        }
    }

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static MasterAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new MasterAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }

    /** Whether this is the same machine; an unknown name counts as another one. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
