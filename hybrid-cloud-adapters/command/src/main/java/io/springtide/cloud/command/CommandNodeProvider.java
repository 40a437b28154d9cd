package io.springtide.cloud.command;

import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodesResult;
import io.springtide.cloud.spi.ProvisionRequest;
import io.springtide.cloud.spi.ProvisionResult;
import io.springtide.cloud.spi.ReleaseResult;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders machines by a program of the operator. A few runs at once; what is beyond waits, or is put off. */
final class CommandNodeProvider implements NodeProvider {

    static final String NAME = "command";

    /** Clouds do not like more from one client, and a program may need a lot of memory. */
    static final int RUNS_AT_ONCE = 4;

    /** Runs that wait for others. */
    static final int WAITING_MAX = 64;

    /** Source: sysexits.h, EX_TEMPFAIL. */
    private static final int TRY_AGAIN = 75;

    private static final Logger LOG = LoggerFactory.getLogger(CommandNodeProvider.class);
    private static final Duration FULL = Duration.ofSeconds(5);
    private static final long IDLE_S = 10;

    private final CommandSettings settings;
    private final NodeProgram program;
    private final ThreadPoolExecutor runs;
    private volatile boolean closed;

    /**
     * How a kind of result is made.
     *
     * @param good of what was printed by a program that ended with 0
     */
    private record Kind<T>(Function<String, T> good, Function<Duration, T> throttled,
            Function<String, T> refused) {}

    CommandNodeProvider(CommandSettings settings) {
        this.settings = settings;
        this.program = new NodeProgram(settings);
        AtomicInteger number = new AtomicInteger();
        this.runs = new ThreadPoolExecutor(RUNS_AT_ONCE, RUNS_AT_ONCE, IDLE_S, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX), task -> Thread.ofPlatform().daemon(true)
                        .name("nodes-command-" + number.incrementAndGet()).unstarted(task));
        runs.allowCoreThreadTimeOut(true);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public CompletionStage<ProvisionResult> provision(ProvisionRequest request) {
        return run("provision", Answers.provision(request),
                new Kind<>(
                        output -> new ProvisionResult.Granted(
                                Answers.node(output, request.token())),
                        ProvisionResult.Throttled::new, ProvisionResult.Refused::new));
    }

    @Override
    public CompletionStage<ReleaseResult> release(String nodeId) {
        return run("release", Answers.release(nodeId),
                new Kind<>(output -> new ReleaseResult.Released(), ReleaseResult.Throttled::new,
                        ReleaseResult.Refused::new));
    }

    @Override
    public CompletionStage<NodesResult> nodes(String clusterId) {
        return run("nodes", Answers.nodes(clusterId),
                new Kind<>(output -> new NodesResult.Listed(Answers.list(output)),
                        NodesResult.Throttled::new, NodesResult.Refused::new));
    }

    @Override
    public void close() {
        closed = true;
        runs.shutdownNow();
    }

    private <T> CompletionStage<T> run(String verb, byte[] input, Kind<T> kind) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            runs.execute(() -> {
                T told;
                try {
                    told = told(program.run(verb, input), verb, kind);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    told = kind.throttled().apply(FULL);
                } catch (RuntimeException bug) {
                    LOG.error("node_program_run_failed verb={}", verb, bug);
                    told = kind.refused().apply(settings.program() + " " + verb
                            + " could not be followed; see the master's log");
                }
                result.complete(told);
            });
        } catch (RejectedExecutionException full) {
            if (!closed) {
                LOG.warn("node_program_too_many_runs verb={} waiting={}", verb, WAITING_MAX);
            }
            result.complete(kind.throttled().apply(FULL));
        }
        return result;
    }

    private <T> T told(Finished finished, String verb, Kind<T> kind) {
        return switch (finished) {
            case Finished.Broken(String why) -> kind.refused().apply(why);
            case Finished.Exited(int code, String output, String lastLine) -> {
                if (code == TRY_AGAIN) {
                    yield kind.throttled().apply(Answers.after(output));
                }
                if (code != 0) {
                    yield kind.refused().apply(lastLine.isEmpty()
                            ? settings.program() + " " + verb + " ended with " + code
                                    + " and said nothing on its standard error"
                            : lastLine);
                }
                try {
                    yield kind.good().apply(output);
                } catch (Answers.NotAgreed wrong) {
                    yield kind.refused().apply("what " + settings.program() + " " + verb
                            + " prints " + wrong.getMessage());
                }
            }
        };
    }
}
