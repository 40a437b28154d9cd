package io.springtide.cloud.ingress.proxy;

import io.vertx.core.http.HttpConnection;

/** A client's connection. On its event loop only. */
final class Client {

    final String address;
    private final HttpConnection http;
    private int underWay;
    private long idleSince = System.nanoTime();
    private boolean closeAfter;

    Client(HttpConnection http) {
        this.http = http;
        this.address = http.remoteAddress() == null ? "unknown" : http.remoteAddress().hostAddress();
    }

    void begun() {
        underWay++;
    }

    void ended() {
        underWay--;
        if (underWay == 0) {
            idleSince = System.nanoTime();
            if (closeAfter) {
                http.close();
            }
        }
    }

    void closeAfterAnswer() {
        closeAfter = true;
    }

    void close() {
        http.close();
    }

    void closeIfIdle(long now, long idleNanosMax) {
        if (underWay == 0 && now - idleSince > idleNanosMax) {
            http.close();
        }
    }
}
