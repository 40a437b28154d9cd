package io.springtide.cloud.ingress.proxy;

/**
 * What bounds an ingress.
 *
 * @param loops event loops, one a processor that it may use
 * @param clientsMax connections of clients at most; further ones are closed at once
 * @param linesMax connections to one endpoint at most; further requests wait or go elsewhere
 * @param headerBytesMax of all header lines of a request together
 * @param connectMsMax so long a connection to an endpoint may take
 * @param lineIdleMs a connection to an endpoint that was not used for so long is closed; less than what
 *     servers allow, so that they hardly ever close one at the moment a request is sent on it
 * @param clientIdleMs a client's connection without a request for so long is closed; also bounds how long
 *     a request's head may take
 * @param stallMsMax so long a client may take no byte of an answer, or send none of its request
 * @param silenceMsMax so long an endpoint may stop in the midst of an answer
 */
public record IngressLimits(int loops, int clientsMax, int linesMax, int headerBytesMax,
        int connectMsMax, int lineIdleMs, int clientIdleMs, int stallMsMax, int silenceMsMax) {

    /** For this machine. */
    public static IngressLimits ofMachine() {
        return new IngressLimits(Runtime.getRuntime().availableProcessors(), 20_000, 1_024,
                16 << 10, 2_000, 4_000, 60_000, 60_000, 600_000);
    }

    public IngressLimits {
        if (loops < 1 || clientsMax < 1 || linesMax < loops) {
            throw new IllegalArgumentException("an ingress needs at least one event loop, one client"
                    + " and as many connections to an endpoint as loops");
        }
    }

    /** Connections to one endpoint that one loop may have. */
    int linesOfLoop() {
        return linesMax / loops;
    }
}
