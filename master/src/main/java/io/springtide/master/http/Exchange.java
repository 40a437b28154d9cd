package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.master.ring.Outcome;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer. Lives on one event loop; whatever fails becomes an answer in Marathon's shape. */
final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final HttpServerRequest request;
    private final Context context;
    private final Backend backend;
    private final Query query;
    private final byte[] body;

    Exchange(HttpServerRequest request, Context context, Backend backend, Query query,
            byte[] body) {
        this.request = request;
        this.context = context;
        this.backend = backend;
        this.query = query;
        this.body = body;
    }

    Query query() {
        return query;
    }

    byte[] body() {
        return body;
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    Context context() {
        return context;
    }

    Backend backend() {
        return backend;
    }

    boolean force() {
        return query.flag("force", false);
    }

    String clientIp() {
        return request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
    }

    /** Runs something whose refusals and failures are answers. */
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (RequestRefused refused) {
            fail(refused.error());
        } catch (RuntimeException | Error failed) {
            // An error, too: a client must not wait for its own timeout.
            broken(failed);
        }
    }

    /** Goes on with a result, or with why there is none, back on this exchange's event loop. */
    <T> void whenDone(CompletableFuture<T> future, Consumer<T> next, Consumer<Throwable> failed) {
        var unused = future.whenComplete((result, failure) -> context.runOnContext(now -> {
            if (failure == null) {
                guarded(() -> next.accept(result));
            } else {
                guarded(() -> failed.accept(failure));
            }
        }));
    }

    /** Hands a command to the engine; what is not granted is answered here. */
    void submit(Command command, Consumer<Answer> next) {
        submit(command, next, refusal -> false);
    }

    /**
     * As the other, with a say about refusals.
     *
     * @param refused true if it has dealt with the refusal
     */
    void submit(Command command, Consumer<Answer> next,
            Predicate<Answer.Refused> refused) {
        whenDone(backend.commands().submit(command), outcome -> {
            switch (outcome) {
                case Outcome.Decided(Answer.Refused refusal) -> {
                    if (!refused.test(refusal)) {
                        fail(Errors.of(refusal, backend.clusterId()));
                    }
                }
                case Outcome.Decided(Answer answer) -> next.accept(answer);
                case Outcome.Busy() -> {
                    response().putHeader("Retry-After", "1");
                    fail(MarathonError.of(503, "Too many requests are waiting; nothing has"
                            + " changed. Try again in a second."));
                }
                case Outcome.Stopped(String why) -> fail(MarathonError.of(503,
                        "The master is stopping (" + why
                                + "); look whether the request took effect before you repeat it."));
            }
        }, this::broken);
    }

    /** The answer to a command that is accepted or refused, nothing else. */
    static Answer.Accepted accepted(Answer answer) {
        return switch (answer) {
            case Answer.Accepted accepted -> accepted;
            case Answer.Nothing() -> throw new IllegalStateException("no answer to a change");
            case Answer.Refused refused -> throw new IllegalStateException(refused.detail());
        };
    }

    /** The answer to everything that starts a deployment. */
    void deployed(int status, Answer.Accepted accepted) {
        String id = deploymentHeader(accepted);
        json(status, Json.object().put("version", Timestamps.format(accepted.versionMs()))
                .put("deploymentId", id));
    }

    /** Names the deployment in the header; returns its id. */
    String deploymentHeader(Answer.Accepted accepted) {
        String id = DeploymentIds.text(backend.clusterId(), accepted.deployment());
        response().putHeader("Marathon-Deployment-Id", id);
        return id;
    }

    void json(int status, JsonNode node) {
        end(status, "application/json", Json.bytes(node));
    }

    /** A document of any length; see {@link JsonStream}. */
    void json(Iterator<JsonPiece> pieces) {
        if (response().ended() || response().closed()) {
            return;
        }
        response().setStatusCode(200).putHeader("Content-Type", "application/json");
        if (request.method().equals(HttpMethod.HEAD)) {
            response().end();
        } else {
            JsonStream.send(response(), context, pieces);
        }
    }

    void end(int status, String contentType, byte[] bytes) {
        if (response().ended() || response().closed()) {
            return;
        }
        shown();
        response().setStatusCode(status).putHeader("Content-Type", contentType);
        if (request.method().equals(HttpMethod.HEAD)) {
            response().putHeader("Content-Length", Integer.toString(bytes.length)).end();
        } else {
            response().end(Buffer.buffer(bytes));
        }
    }

    void empty(int status) {
        if (!response().ended() && !response().closed()) {
            shown();
            response().setStatusCode(status).end();
        }
    }

    /** Lets a standby that has passed the request on know what to show before it passes the answer on. */
    private void shown() {
        response().putHeader(LeaderProxy.POSITION, Long.toString(backend.status().position()));
    }

    void fail(MarathonError error) {
        json(error.status(), error.toJson());
    }

    /** Our own fault: the client learns that it happened, the log what it was. */
    void broken(Throwable failure) {
        LOG.error("request-failed method={} path={}", request.method(), request.path(), failure);
        if (response().headWritten()) {
            response().reset();
        } else {
            fail(MarathonError.of(500,
                    "The request failed by a fault of the server; its log says more."));
        }
    }
}
