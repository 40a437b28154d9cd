package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.TrafficRules;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request from its arrival to the end of its answer: waits if it must, goes to an endpoint, is tried
 * elsewhere where that is safe. On its event loop only.
 */
final class Exchange implements ServedLane.Waiter, Attempt.Owner {

    /** Tries in addition to the first. */
    static final int RETRIES_MAX = 2;

    /** A body up to this size is held, so that an idempotent request can be sent a second time. */
    static final int HELD_BODY_MAX = 64 << 10;

    /** May be repeated without being asked. Source: RFC 9110 section 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT = Set.of(HttpMethod.GET, HttpMethod.HEAD,
            HttpMethod.OPTIONS, HttpMethod.TRACE, HttpMethod.PUT, HttpMethod.DELETE);

    final Loop loop;
    final Served served;
    final HttpServerRequest request;
    final HttpServerResponse response;
    private final ServedLane lane;
    private final Client client;
    private final boolean hasBody;
    private final boolean upgrade;
    private @Nullable Buffer held;
    private @Nullable Binding binding;
    private @Nullable Attempt attempt;
    private @Nullable AnswerPipe answer;
    private @Nullable BodyPipe body;
    private @Nullable Target failed;
    private int retries;
    private boolean mayPass;
    private boolean prepared;
    private boolean bodySent;
    private boolean holding;
    private boolean done;
    private long lateAt;
    private long answerBy;

    /** The loop's list of what is under way. */
    @Nullable
    Exchange previous;
    @Nullable
    Exchange next;

    Exchange(Loop loop, Served served, Client client, HttpServerRequest request, boolean hasBody) {
        this.loop = loop;
        this.served = served;
        this.client = client;
        this.lane = served.lanes[loop.index];
        this.request = request;
        this.response = request.response();
        this.hasBody = hasBody;
        MultiMap headers = request.headers();
        this.upgrade = !hasBody && headers.contains(HttpHeaders.UPGRADE)
                && request.method().equals(HttpMethod.GET)
                && HeaderNames.hasToken(headers, HttpHeaders.CONNECTION, "upgrade")
                // Requests within it would pass all that is checked here.
                && !HeaderNames.hasToken(headers, HttpHeaders.UPGRADE, "h2c");
    }

    void begin() {
        long now = System.nanoTime();
        lane.arrived();
        loop.add(this);
        client.begun();
        response.closeHandler(gone -> clientLeft());
        response.exceptionHandler(ignored -> {});
        if (hasBody || upgrade) {
            request.pause();
        }
        // Nobody overtakes those who wait.
        if (!lane.anybodyWaits() && tryGo(now)) {
            return;
        }
        lateAt = now + served.roster.rules.waitMsMax() * 1_000_000L;
        if (!lane.enter(this)) {
            refuse("The waiting room of this service is full.");
            return;
        }
        loop.wait(lane);
    }

    @Override
    public boolean tryGo(long now) {
        lane.byRate = !mayPass && !served.rate.take(now);
        if (lane.byRate) {
            return false;
        }
        mayPass = true;
        Target target = choose(now);
        if (target == null) {
            return false;
        }
        go(target, now);
        return true;
    }

    private @Nullable Target choose(long now) {
        Roster roster = served.roster;
        TrafficRules rules = roster.rules;
        String address = client.address;
        if (rules.stickyCookie().isEmpty() && rules.splits().isEmpty()) {
            return loop.choice.any(roster, lane.turn, address, failed, now);
        }
        Binding bound = binding;
        if (bound == null) {
            bound = new Binding(request.headers(), rules);
            binding = bound;
        }
        Target target = bound.choose(roster, loop.choice, lane.turn, request.headers(), address,
                failed, now);
        if (target != null) {
            bound.bind(target, loop.random, now);
        }
        return target;
    }

    @Override
    public void late() {
        refuse("No place in this service came free in time.");
    }

    private void refuse(String why) {
        lane.turnedAway();
        boolean limit = lane.byRate && served.roster.open.length > 0;
        response.putHeader(HttpHeaders.RETRY_AFTER, "1");
        fail(limit ? 429 : 503, limit ? "Too many requests to this service. " + why : why);
    }

    @Override
    public long lateAt() {
        return lateAt;
    }

    private void go(Target target, long now) {
        answerBy = now + served.roster.rules.requestMsMax() * 1_000_000L;
        Attempt started = Attempt.create(loop, target, this, now);
        attempt = started;
        if (hasBody && held == null && holds()) {
            // All of it first: what was sent in part cannot be repeated.
            holding = true;
            request.body().onComplete(all -> {
                holding = false;
                held = all;
                if (attempt == started && !done) {
                    answerBy = System.nanoTime()
                            + served.roster.rules.requestMsMax() * 1_000_000L;
                    started.start();
                }
            }, failure -> clientLeft());
            continueIfAsked();
            request.resume();
        } else {
            started.start();
        }
    }

    /** Whether the body is to be held before it is sent. */
    private boolean holds() {
        if (!IDEMPOTENT.contains(request.method())) {
            return false;
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        // The decoder has seen to it that it is a number.
        return length != null && length.length() < 6 && Integer.parseInt(length) <= HELD_BODY_MAX;
    }

    private void continueIfAsked() {
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            response.writeContinue();
            request.headers().remove(HttpHeaders.EXPECT);
        }
    }

    @Override
    public void connected(Attempt on, HttpClientRequest out) {
        if (!prepared) {
            prepared = true;
            if (hasBody) {
                continueIfAsked();
            }
            loop.forwarding.prepare(request, client.address, upgrade);
        }
        MultiMap headers = out.headers();
        headers.setAll(request.headers());
        out.setMethod(request.method()).setURI(request.uri());
        on.sending();
        if (upgrade) {
            out.connect();
        } else if (!hasBody) {
            bodySent = true;
            out.end();
        } else if (held != null) {
            headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(held.length()));
            bodySent = true;
            out.end(held);
        } else {
            out.setChunked(!headers.contains(HttpHeaders.CONTENT_LENGTH));
            body = new BodyPipe(request, out, () -> bodySent = true);
            body.start();
        }
    }

    @Override
    public void answered(Attempt on, HttpClientResponse from) {
        if (upgrade && from.statusCode() == 101) {
            Tunnel.open(this, on, from);
            return;
        }
        if (from.statusCode() == 101) {
            on.end(false, true);
            fail(502, "An endpoint of this service changed the protocol without being asked.");
            return;
        }
        Binding bound = binding;
        String cookie = bound == null ? null : bound.cookie();
        if (cookie != null) {
            cookie = served.roster.rules.stickyCookie() + "=" + cookie
                    + "; Path=/; HttpOnly; SameSite=Lax";
        }
        answer = new AnswerPipe(this, on, from);
        answer.start(cookie);
    }

    @Override
    public void failed(Attempt on, boolean nothingSent, boolean stale, Throwable cause) {
        if (done) {
            return;
        }
        if (answer != null) {
            // Half an answer can only be cut off, so that nobody takes it for a whole one.
            cut();
            return;
        }
        boolean safe = nothingSent || (IDEMPOTENT.contains(request.method())
                && (!hasBody || held != null));
        // A client that is slow must not make a request live for ever.
        if (safe && retries < RETRIES_MAX && answerBy - System.nanoTime() > 0) {
            retries++;
            long now = System.nanoTime();
            failed = stale ? null : on.target;
            Target other = choose(now);
            if (other == null && failed != null && served.roster.open.length == 1) {
                failed = null;
                other = choose(now);
            }
            if (other != null) {
                Attempt again = Attempt.create(loop, other, this, now);
                attempt = again;
                again.start();
                return;
            }
        }
        fail(502, nothingSent
                ? "An endpoint of this service cannot be reached."
                : "An endpoint of this service ended the connection without an answer.");
    }

    /** The answer is complete. */
    void finished(Attempt on, boolean reusable, boolean error) {
        on.end(reusable && bodySent, error);
        if (!bodySent && hasBody) {
            // The endpoint did not want the rest: a client that still sends would block its connection.
            client.closeAfterAnswer();
            request.resume();
        }
        close();
    }

    /** It is a tunnel now, which may be silent for as long as it likes. */
    void tunnelled() {
        attempt = null;
        response.closeHandler(null);
    }

    /** Looks whether something takes too long. */
    void look(long now) {
        BodyPipe sending = body;
        AnswerPipe giving = answer;
        Attempt current = attempt;
        if (done || current == null) {
            return;
        }
        if (giving != null) {
            if (giving.isStalled(now)) {
                cut();
            }
        } else if (holding) {
            // The endpoint knows nothing of it yet.
            if (now - current.startNanos > loop.limits.stallMsMax() * 1_000_000L) {
                fail(408, "The body of the request did not come in time.");
            }
        } else if (sending != null && !bodySent && sending.isStalled(now, loop.limits)) {
            fail(408, "The body of the request did not come in time.");
        } else if (now - answerBy > 0 && (sending == null || bodySent)) {
            current.timedOut();
            fail(504, "An endpoint of this service did not answer in time.");
        }
    }

    private void clientLeft() {
        Attempt current = attempt;
        if (!done && current != null) {
            current.end(false, false);
        }
        close();
    }

    /** Ends both sides where they stand. */
    void cut() {
        Attempt current = attempt;
        if (current != null) {
            current.end(false, true);
        }
        close();
        client.close();
    }

    private void fail(int status, String sentence) {
        Attempt current = attempt;
        if (current != null) {
            current.end(false, status >= 500);
        }
        if (done) {
            return;
        }
        close();
        Refusals.answer(request, status, served.id, sentence, hasBody && held == null, loop);
    }

    /** Nothing is left to do for it; the client may send the next one. */
    void close() {
        if (!done) {
            done = true;
            lane.leave(this);
            loop.remove(this);
            client.ended();
        }
    }
}
