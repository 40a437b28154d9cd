package io.springtide.master.scaling;

import io.springtide.core.elasticity.Sample;
import io.springtide.core.elasticity.Target;
import io.springtide.core.elasticity.Traffic;
import io.springtide.core.model.AppId;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.agents.AgentsPort.Contact;
import io.springtide.master.agents.AgentsPort.InstanceUsage;
import io.springtide.master.traffic.AppLoad;
import io.springtide.master.traffic.TrafficLoads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Gathers what the targets of policies measure, from whoever measures it. One thread. */
final class Readings {

    /** Heartbeats come each second or two. */
    private static final long USAGE_PERIOD_MS = 2_000;

    private static final long LOAD_PERIOD_MS = 1_000;

    private static final double PERCENT = 100;
    private static final double MIB = 1 << 20;

    private final AgentsPort agents;
    private final TrafficLoads loads;
    private final Queries queries;
    private final Map<AppId, Heard> heard = new HashMap<>();

    /** When a load with this mark was heard of: by our own clock, whatever the other one shows. */
    private record Heard(long mark, long atMs) {}

    Readings(AgentsPort agents, TrafficLoads loads, Queries queries) {
        this.agents = agents;
        this.loads = loads;
        this.queries = queries;
    }

    /** What was measured of one app, one reading for each target in their order. */
    record Measured(List<Reading> readings, Optional<Traffic> traffic) {

        List<Optional<Sample>> samples() {
            return readings.stream().map(Reading::sample).toList();
        }
    }

    /** These are watched, and no others any more. */
    void keep(Set<AppId> apps) {
        heard.keySet().retainAll(apps);
    }

    Measured of(Watched watched, long nowMs) {
        Optional<AppLoad> load = loads.load(watched.app());
        long loadMs = load.map(one -> heardMs(watched.app(), one, nowMs)).orElse(0L);
        List<Reading> readings = new ArrayList<>();
        for (Target target : watched.policy().targets()) {
            readings.add(switch (target.kind()) {
                case CPU -> usage(watched, target, nowMs, (double) watched.asked().cpusMilli(),
                        usage -> (double) usage.cpusMilli());
                case MEMORY -> usage(watched, target, nowMs, (double) watched.asked().memMib(),
                        usage -> (double) usage.memBytes() / MIB);
                case REQUESTS -> load(target, load, loadMs, nowMs, AppLoad::arrivalsPerSecond);
                // Those that wait are there, too: they would be served if there were more instances.
                case CONCURRENCY -> load(target, load, loadMs, nowMs,
                        one -> one.concurrency() + one.waiting());
                case LATENCY -> latency(target, load, loadMs, nowMs);
                case PROMQL -> query(target, nowMs);
            });
        }
        return new Measured(readings, load.map(one -> new Traffic(
                one.arrivalsPerSecond(), one.concurrency(), one.waiting(), loadMs)));
    }

    private long heardMs(AppId app, AppLoad load, long nowMs) {
        Heard before = heard.get(app);
        if (before == null || before.mark() != load.atMs() || before.atMs() > nowMs) {
            heard.put(app, new Heard(load.atMs(), nowMs));
            return nowMs;
        }
        return before.atMs();
    }

    // ------------------------------------------------------------ traffic

    private static Reading load(Target target, Optional<AppLoad> load, long atMs, long nowMs,
            ToDoubleFunction<AppLoad> value) {
        return load
                .map(one -> Reading.of(target,
                        new Sample(value.applyAsDouble(one), atMs, LOAD_PERIOD_MS), nowMs))
                .orElseGet(() -> Reading.missing(target, "no load balancer has said anything of"
                        + " the app lately"));
    }

    private static Reading latency(Target target, Optional<AppLoad> load, long atMs, long nowMs) {
        if (load.isPresent() && load.get().p99Ms() < 0 && load.get().arrivalsPerSecond() > 0) {
            return Reading.missing(target, "requests come, but nothing was answered");
        }
        return load(target, load, atMs, nowMs, one -> Math.max(0, one.p99Ms()));
    }

    // ------------------------------------------------------------ what agents say

    /**
     * The average over the ready ones, in percent of what they ask for. Those of which nothing is known
     * count as nothing where that asks for less, and as just enough where that asks for more: what is
     * not known moves nothing. Source: Kubernetes' horizontal autoscaler.
     */
    private Reading usage(Watched watched, Target target, long nowMs, double asked,
            ToDoubleFunction<InstanceUsage> amount) {
        if (asked <= 0) {
            return Reading.missing(target, "the app asks for none, so there is nothing to take"
                    + " percents of");
        }
        if (watched.members().isEmpty()) {
            return Reading.idle(target, "no instance is ready");
        }
        double sum = 0;
        int known = 0;
        long atMs = Long.MIN_VALUE;
        for (Watched.Member member : watched.members()) {
            Optional<Contact> contact = agents.contact(member.agent());
            Optional<InstanceUsage> usage = agents.usage(member.number());
            if (usage.isEmpty() || contact.isEmpty()
                    || contact.get().heardMsAgo() > Sample.STALE_AFTER_MS) {
                continue;
            }
            sum += amount.applyAsDouble(usage.get()) * PERCENT / asked;
            known++;
            atMs = Math.max(atMs, nowMs - contact.get().heardMsAgo());
        }
        if (known == 0) {
            return Reading.missing(target, "no agent says what the instances use");
        }
        double aim = target.valueMilli() / 1_000.0;
        int unknown = watched.members().size() - known;
        double rest = sum / known > aim ? 0 : aim;
        double average = (sum + unknown * rest) / watched.members().size();
        // What is unknown must not turn a move around.
        double cautious = sum / known > aim ? Math.max(average, aim) : average;
        return Reading.of(target, new Sample(cautious, atMs, USAGE_PERIOD_MS), nowMs);
    }

    // ------------------------------------------------------------ queries

    private Reading query(Target target, long nowMs) {
        Optional<Queries.Answered> answer = queries.answer(target.query());
        if (answer.isEmpty()) {
            return Reading.idle(target, "the query has not been answered yet");
        }
        return answer.get().known()
                ? Reading.of(target, new Sample(answer.get().value(), answer.get().atMs(),
                        Prometheus.PERIOD.toMillis()), nowMs)
                : Reading.missing(target, answer.get().fault());
    }
}
