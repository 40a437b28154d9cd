package io.springtide.master.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** A connection with an etcd cluster, and the next one when it is lost. Any thread. */
final class EtcdConnection implements AutoCloseable {

    private static final long PAUSE_MS = 20;

    /**
     * A connection that has failed is given up for a new one, since the old one would try again only
     * after a second and more, which is half of a session; but not more often than this.
     */
    private static final long RENEW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int MESSAGE_BYTES_MAX = 16 << 20;

    /** With these the cluster has been asked, and has said no. */
    private static final Set<ErrorCode> REFUSALS = EnumSet.of(ErrorCode.RESOURCE_EXHAUSTED,
            ErrorCode.PERMISSION_DENIED, ErrorCode.UNAUTHENTICATED, ErrorCode.INVALID_ARGUMENT,
            ErrorCode.FAILED_PRECONDITION, ErrorCode.OUT_OF_RANGE, ErrorCode.UNIMPLEMENTED);

    private final String name;
    private final String root;
    private final List<URI> endpoints;
    private final Duration session;
    private final ExecutorService threads = Executors
            .newCachedThreadPool(Thread.ofPlatform().name("etcd-", 0).daemon(true).factory());
    private volatile Link link;
    private long renewedNanos;
    private boolean closed;

    /**
     * Connects.
     *
     * @param root path of everything that is the cluster's
     */
    EtcdConnection(String name, List<URI> endpoints, String root, Duration session) {
        this.name = name;
        this.root = root;
        this.endpoints = endpoints;
        this.session = session;
        this.link = new Link(connect(), 0);
        this.renewedNanos = System.nanoTime();
    }

    private Client connect() {
        return Client.builder().endpoints(endpoints).executorService(threads).waitForReady(false)
                .retryMaxAttempts(1).connectTimeout(session.dividedBy(2))
                .maxInboundMessageSize(MESSAGE_BYTES_MAX).build();
    }

    String name() {
        return name;
    }

    Duration session() {
        return session;
    }

    /** The full name of a key. */
    ByteSequence key(String key) {
        return ByteSequence.from(root + "/" + key, StandardCharsets.UTF_8);
    }

    /** A client; the numbers go up. */
    record Link(Client client, long number) {}

    /** What is used now. */
    Link link() {
        return link;
    }

    private synchronized void renew(Link failed) {
        if (!closed && link.number() == failed.number()
                && System.nanoTime() - renewedNanos > RENEW_NANOS) {
            link = new Link(connect(), failed.number() + 1);
            renewedNanos = System.nanoTime();
            failed.client().close();
        }
    }

    /**
     * Asks once.
     *
     * @throws LedgerException if there is no answer, or if it is a refusal
     */
    <T> T ask(Function<Client, CompletableFuture<T>> question) {
        return ask(question, session.dividedBy(2));
    }

    /** Asks once and waits so long. */
    <T> T ask(Function<Client, CompletableFuture<T>> question, Duration atMost) {
        Link asked = link;
        CompletableFuture<T> answer;
        try {
            answer = question.apply(asked.client());
        } catch (RuntimeException e) { // given up for a new one at this moment
            renew(asked);
            throw new LedgerException(Kind.UNKNOWN, name + ": " + e.getMessage(), e);
        }
        try {
            return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(Kind.UNKNOWN, "interrupted", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            renew(asked);
            throw new LedgerException(Kind.UNKNOWN,
                    name + " has not answered within " + atMost.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EtcdException refused
                    && REFUSALS.contains(refused.getErrorCode())) {
                throw new LedgerException(Kind.REFUSED, name + ": " + refused.getMessage(), e);
            }
            renew(asked);
            throw new LedgerException(Kind.UNKNOWN, name + ": " + e.getCause(), e);
        } catch (CancellationException e) {
            throw new LedgerException(Kind.UNKNOWN, name + ": the connection was given up", e);
        }
    }

    /**
     * Asks what may be asked again without harm until there is an answer, for as long as a session
     * lasts.
     *
     * @throws LedgerException if there is none, or if it is a refusal
     */
    <T> T ride(Function<Client, CompletableFuture<T>> question) {
        return ride(question, session);
    }

    /** The same for so long. */
    <T> T ride(Function<Client, CompletableFuture<T>> question, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                return ask(question);
            } catch (LedgerException e) {
                if (e.kind() == Kind.REFUSED) {
                    throw e;
                }
                if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                    throw new LedgerException(Kind.UNREACHABLE, e.getMessage(), e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        link.client().close();
        threads.shutdown();
    }
}
