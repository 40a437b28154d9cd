package io.springtide.master.scaling;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.Autoscaler;
import io.springtide.core.elasticity.Observation;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Verdict;
import io.springtide.core.model.AppId;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Decides on the count of one app by one policy, for as long as it has that policy. One thread. */
final class AppScaler {

    /** A restart, or a first report that is late, is not worth an alarm. */
    static final long ALARM_AFTER_MS = 5_000;

    private final AppId app;
    private final ScalingPolicy policy;
    private final Autoscaler autoscaler;
    private final Calendar calendar;
    private final ScalingCounters counters;
    private CompletableFuture<Outcome> last = CompletableFuture
            .completedFuture(new Outcome.Busy());
    private volatile Optional<String> refusal = Optional.empty();
    private long decidedMs;
    private long frozenSinceMs;
    private long troubledSinceMs;
    private boolean awaited;

    AppScaler(Watched watched, List<ScalingDecision> past, ScalingCounters counters, long nowMs) {
        this.app = watched.app();
        this.policy = watched.policy();
        this.autoscaler = new Autoscaler(policy, past, nowMs);
        this.calendar = new Calendar(policy.schedules());
        this.counters = counters;
        this.decidedMs = nowMs;
    }

    ScalingPolicy policy() {
        return policy;
    }

    /** A command is on its way: what is seen does not show it yet. */
    boolean underWay() {
        return !last.isDone();
    }

    /** Has a task run, on any thread, when the command that is under way has ended; once for each. */
    void afterwards(Runnable task) {
        if (!awaited) {
            awaited = true;
            var unused = last.whenComplete((outcome, failure) -> task.run());
        }
    }

    /** Decides, and orders what follows. Not while a command is {@link #underWay}. */
    Standing decide(Watched watched, Readings.Measured measured, CommandPort commands,
            long atMs) {
        // A clock that is put back must not confuse the windows.
        long nowMs = Math.max(decidedMs, atMs);
        decidedMs = nowMs;
        Observation seen = new Observation(watched.count(), watched.ready(), watched.launching(),
                measured.samples(), measured.traffic(), calendar.windows(nowMs));
        Verdict verdict = autoscaler.decide(seen, nowMs);
        if (verdict.direction() != Verdict.Direction.STAY && !saidBefore(watched, verdict)) {
            submit(verdict, commands);
        }
        return standing(seen, verdict, measured.readings(), nowMs);
    }

    private Standing standing(Observation seen, Verdict verdict, List<Reading> readings,
            long nowMs) {
        boolean troubled = readings.stream().anyMatch(Reading::alarming)
                || !calendar.faults().isEmpty();
        frozenSinceMs = since(frozenSinceMs, verdict.frozen(), nowMs);
        troubledSinceMs = since(troubledSinceMs, troubled, nowMs);
        List<String> faults = new ArrayList<>(calendar.faults());
        refusal.ifPresent(faults::add);
        return new Standing(app, nowMs, seen, verdict, readings, frozenSinceMs, troubledSinceMs,
                troubled && nowMs - troubledSinceMs >= ALARM_AFTER_MS, faults);
    }

    private static long since(long sinceMs, boolean holds, long nowMs) {
        return !holds ? 0 : sinceMs == 0 ? nowMs : sinceMs;
    }

    /** A policy on trial changes nothing, so it would say the same each second. */
    private boolean saidBefore(Watched watched, Verdict verdict) {
        return policy.dryRun() && watched.newest()
                .filter(said -> said.dryRun() && said.from() == verdict.from()
                        && said.to() == verdict.count())
                .isPresent();
    }

    private void submit(Verdict verdict, CommandPort commands) {
        awaited = false;
        last = commands.submit(new Command.Scale(app, verdict.count(), verdict.reason()));
        var unused = last.whenComplete((outcome, failure) -> {
            if (outcome instanceof Outcome.Decided(Answer answer)) {
                if (answer instanceof Answer.Refused refused) {
                    counters.refused();
                    refusal = Optional.of("the count was refused: " + refused.detail());
                } else {
                    counters.decided(verdict.direction());
                    refusal = Optional.empty();
                }
            }
            // Busy or stopped: it is decided anew at the next look, here or by the next leader.
        });
    }
}
