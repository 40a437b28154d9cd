package io.springtide.cloud.ingress.feed;

import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.ingress.proxy.CookieKeys;
import io.springtide.cloud.ingress.proxy.Ingress;
import io.springtide.cloud.ingress.proxy.IngressLimits;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** An ingress with masters that are the driver behind two routes. */
class FeedTest {

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final List<Feed> feeds = new ArrayList<>();
    private final AtomicInteger failing = new AtomicInteger();

    @AfterEach
    void close() {
        feeds.forEach(Feed::close);
        get(vertx.close());
    }

    @Test
    void followsTheMasterAndConfirms() {
        IngressDriver driver = new IngressDriver();
        Ingress ingress = ingress();
        feed(ingress, Optional.empty(), master(driver));
        driver.serve(table(5, 100));
        await("the table", () -> ingress.inForce() == 5);
        await("the report", () -> driver.report().revision() == 5);
        await("loads of a service without traffic", () -> driver.report().services().size() == 1);
        assertThat(driver.ingresses()).containsEntry("me", 5L);
        // At once, not with the next measurement; of several, since that may just be due.
        boolean confirmed = false;
        for (long revision = 6; revision < 30 && !confirmed; revision++) {
            long next = revision;
            long measuredMs = driver.report().atMs();
            driver.serve(table(next, 100));
            await("the next report", () -> driver.report().revision() == next);
            confirmed = driver.report().atMs() == measuredMs;
        }
        assertThat(confirmed).isTrue();
    }

    /** A slow master gets the next report all the same. */
    @Test
    void doesNotWaitForTheAnswerToTheReportBefore() {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        HttpServer mute = get(vertx.createHttpServer().requestHandler(request -> {
            if ("/tide/v1/traffic/reports".equals(request.path())) {
                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                request.connection().closeHandler(closed -> open.decrementAndGet());
            }
        }).listen(0, "127.0.0.1"));
        feed(ingress(), Optional.empty(), mute);
        await("two reports at once", () -> most.get() == 2);
    }

    /** It would wait for its table for half a minute. */
    @Test
    void asksAnotherMasterWhenOneTakesNoReports() {
        HttpServer dying = get(vertx.createHttpServer().requestHandler(request -> {
            if ("/tide/v1/traffic/reports".equals(request.path())) {
                request.response().setStatusCode(500).end();
            }
        }).listen(0, "127.0.0.1"));
        IngressDriver driver = new IngressDriver();
        driver.serve(table(5, 100));
        Ingress ingress = ingress();
        feed(ingress, Optional.empty(), dying, master(driver));
        await("the table of the other one", () -> ingress.inForce() == 5);
    }

    @Test
    void goesOnWithAnotherMasterAndWithNone() {
        IngressDriver driver = new IngressDriver();
        driver.serve(table(5, 100));
        Ingress ingress = ingress();
        HttpServer first = master(driver);
        HttpServer second = master(driver);
        Feed feed = feed(ingress, Optional.empty(), first, second);
        await("the table", () -> ingress.inForce() == 5);
        get(first.close());
        driver.serve(table(6, 100));
        await("the next table", () -> ingress.inForce() == 6);
        get(second.close());
        await("the trouble", () -> feed.trouble().contains("No table can be fetched: master http"));
        assertThat(ingress.inForce()).isEqualTo(6);
    }

    @Test
    void asksAgainWhenAMasterAnswersNonsense() {
        IngressDriver driver = new IngressDriver();
        driver.serve(table(5, 100));
        failing.set(3);
        Ingress ingress = ingress();
        Feed feed = feed(ingress, Optional.empty(), master(driver));
        await("the table", () -> ingress.inForce() == 5);
        await("no trouble", () -> feed.trouble().isEmpty());
    }

    @Test
    void aRestartServesAtOnce() throws IOException {
        IngressDriver driver = new IngressDriver();
        driver.serve(table(5, 100));
        DataFolder kept = new DataFolder(folder);
        Ingress ingress = ingress();
        HttpServer master = master(driver);
        feed(ingress, Optional.of(kept), master);
        await("the file", () -> kept.table().isPresent());
        get(master.close());

        Ingress again = ingress();
        feed(again, Optional.of(new DataFolder(folder)), master);
        assertThat(again.inForce()).isEqualTo(5);
    }

    @Test
    void doesNotFollowADeposedMasterBack() {
        IngressDriver leader = new IngressDriver();
        leader.serve(table(9, 100));
        Ingress ingress = ingress();
        HttpServer leading = master(leader);
        IngressDriver deposed = new IngressDriver();
        deposed.serve(table(8, 100));
        feed(ingress, Optional.empty(), leading, master(deposed));
        await("the table", () -> ingress.inForce() == 9);
        get(leading.close());
        await("the deposed one to be asked", () -> !deposed.ingresses().isEmpty());
        pause(1_000);
        assertThat(ingress.inForce()).isEqualTo(9);
        // One that goes on saying so is right: the cluster was set up anew.
        await("the older table", () -> ingress.inForce() == 8);
    }

    @Test
    void keepsATableAndASecret() throws IOException {
        DataFolder data = new DataFolder(folder.resolve("new/one"));
        assertThat(data.table()).isEmpty();
        data.keep(table(3, 50));
        data.keep(table(4, 50));
        assertThat(new DataFolder(folder.resolve("new/one")).table()).contains(table(4, 50));
        byte[] secret = data.secret();
        assertThat(secret).hasSize(32);
        assertThat(data.secret()).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("new/one/cookie.secret"))))
                .isEqualTo("rw-------");
        Files.writeString(folder.resolve("new/one/table.json"), "{\"revision\":4,");
        assertThat(data.table()).as("torn").isEmpty();
    }

    private Ingress ingress() {
        IngressLimits limits = new IngressLimits(2, 100, 10, 16 << 10, 500, 4_000, 60_000, 60_000,
                60_000);
        return get(Ingress.start(vertx, "127.0.0.1", 0, List.of(), new CookieKeys(new byte[16]),
                false, limits));
    }

    private Feed feed(Ingress ingress, Optional<DataFolder> data, HttpServer... masters) {
        List<URI> urls = new ArrayList<>();
        for (HttpServer master : masters) {
            urls.add(URI.create("http://127.0.0.1:" + master.actualPort()));
        }
        Feed feed = new Feed(ingress, urls, "me", List.of(), data).start();
        feeds.add(feed);
        return feed;
    }

    private HttpServer master(IngressDriver driver) {
        return get(vertx.createHttpServer().requestHandler(request -> {
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                request.response().end("[]");
            } else if ("/tide/v1/traffic/table".equals(request.path())) {
                table(driver, request);
            } else {
                request.body().onSuccess(body -> {
                    driver.reported(TrafficJson.readReport(body.getBytes()));
                    request.response().setStatusCode(204).end();
                });
            }
        }).listen(0, "127.0.0.1"));
    }

    private static void table(IngressDriver driver, HttpServerRequest request) {
        driver.table(request.getParam("ingress", "nobody"),
                Long.parseLong(request.getParam("revision", "none")),
                Duration.ofMillis(Long.parseLong(request.getParam("waitMs", "none"))))
                .thenAccept(table -> {
                    if (table.isPresent()) {
                        request.response().end(Buffer.buffer(TrafficJson.write(table.get())));
                    } else {
                        request.response().setStatusCode(304).end();
                    }
                });
    }

    private static TrafficTable table(long revision, int weight) {
        return new TrafficTable(revision, List.of(new Service("/app", 0,
                new Front(Front.Protocol.HTTP, List.of("a.example"), "/", 0, List.of()),
                TrafficRules.DEFAULT,
                List.of(new Endpoint(1, "127.0.0.1", 9, 1, weight, false)))));
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + 25_000_000_000L;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what);
            }
            pause(10);
        }
    }

    private static void pause(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
