package io.springtide.api.marathon;

/** What a port speaks. */
public enum PortProtocol implements Literal {
    /** The usual. */
    TCP("tcp"),
    /** Datagrams. */
    UDP("udp"),
    /** Both at one number. */
    UDP_TCP("udp,tcp");

    private final String json;

    PortProtocol(String json) {
        this.json = json;
    }

    @Override
    public String json() {
        return json;
    }
}
