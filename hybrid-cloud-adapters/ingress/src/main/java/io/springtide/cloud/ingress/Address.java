package io.springtide.cloud.ingress;

/** Where is listened. */
record Address(String host, int port) {

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException with a sentence that names the option
     */
    static Address parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon <= 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            host = "";
        }
        int port = -1;
        try {
            port = colon < 0 ? -1 : Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException notANumber) {
            // Told below, with the whole.
        }
        if (host.isEmpty() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException(option + ": '" + text
                    + "' is not HOST:PORT, like 127.0.0.1:8082");
        }
        return new Address(host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
