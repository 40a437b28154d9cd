package io.springtide.master.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.springtide.core.command.Answer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** What the ring's stages time and count. Each stopwatch belongs to the thread of its stage. */
public final class EngineMetrics {

    /** What takes longer is not slow, it hangs; well above a full garbage collection. */
    private static final double HANGS_SECONDS = 5;

    private final Registries registries;
    private final Stopwatch turns;
    private final Stopwatch appends;
    private final Stopwatch commits;
    private final CounterDataPoint accepted;
    private final CounterDataPoint busy;
    private final CounterDataPoint stopped;
    private final Map<Answer.Code, CounterDataPoint> refused = new EnumMap<>(Answer.Code.class);

    public EngineMetrics(Registries registries) {
        this(registries, System::nanoTime);
    }

    EngineMetrics(Registries registries, LongSupplier nanoTime) {
        this.registries = registries;
        turns = new Stopwatch(registries.work("tide_core_loop_duration_seconds",
                "One turn of the engine: a run of commands decided, settled and handed to the"
                        + " journal, which it waits for if that is far behind."),
                nanoTime);
        appends = new Stopwatch(registries.work("tide_journal_append_duration_seconds",
                "One turn's facts written to the journal."), nanoTime);
        commits = new Stopwatch(registries.work("tide_journal_commit_duration_seconds",
                "Turns made durable with one flush."), nanoTime);
        registries.gauge("tide_core_stall_seconds_max", turns::secondsMax);
        Counter submissions = Counter.builder().name("tide_submissions_total")
                .help("Requests to create or change apps that reached the engine, by what became"
                        + " of them.")
                .labelNames("result").withoutExemplars().register(registries.prometheus());
        accepted = submissions.labelValues("accepted");
        busy = submissions.labelValues("busy");
        stopped = submissions.labelValues("stopped");
        for (Answer.Code code : Answer.Code.values()) {
            refused.put(code, submissions.labelValues(code.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Registers how much of the ring is free, between 0 and 1. */
    public void ringRemaining(DoubleSupplier ratio) {
        registries.gauge("tide_ring_remaining_capacity_ratio", ratio);
    }

    public Stopwatch turns() {
        return turns;
    }

    public Stopwatch appends() {
        return appends;
    }

    public Stopwatch commits() {
        return commits;
    }

    /** Apps were submitted and decided on. */
    public void submitted(Answer answer) {
        switch (answer) {
            case Answer.Accepted granted -> accepted.inc();
            case Answer.Nothing nothing -> accepted.inc();
            case Answer.Refused refusal -> {
                CounterDataPoint counter = refused.get(refusal.code());
                if (counter != null) {
                    counter.inc();
                }
            }
        }
    }

    /** Apps were submitted while the ring was full. */
    public void submittedToFullRing() {
        busy.inc();
    }

    /** Apps were submitted to an engine that has stopped. */
    public void submittedToStopped() {
        stopped.inc();
    }

    /** The engine's thread does not hang. */
    public boolean coreReady() {
        return turns.secondsUnderWay() < HANGS_SECONDS;
    }

    /** The journal does not hang. */
    public boolean journalReady() {
        return appends.secondsUnderWay() < HANGS_SECONDS
                && commits.secondsUnderWay() < HANGS_SECONDS;
    }
}
