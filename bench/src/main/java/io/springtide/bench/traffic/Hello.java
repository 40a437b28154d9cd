package io.springtide.bench.traffic;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;

/** The service behind the load balancers: says hello as quickly as it can, on one event loop. Argument: the port. */
public final class Hello {

    private Hello() {}

    public static void main(String[] arguments) {
        Vertx.vertx().createHttpServer(new HttpServerOptions().setIdleTimeout(0))
                .requestHandler(request -> request.response().end("hello"))
                .listen(Integer.parseInt(arguments[0]), "127.0.0.1")
                .onFailure(failure -> {
                    System.err.println("hello: " + failure.getMessage());
                    System.exit(1);
                });
    }
}
