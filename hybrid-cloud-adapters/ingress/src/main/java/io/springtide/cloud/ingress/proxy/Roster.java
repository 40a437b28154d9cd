package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints of a service, as one table has them. Immutable but for the weights of those that start slowly. */
final class Roster {

    /** Weights of endpoints that start slowly are renewed so often. */
    private static final long RENEW_NANOS = 100_000_000;

    /** A new endpoint begins with this part of its weight. */
    private static final double FIRST_PART = 0.1;

    /** Weights of {@link #open} at a time, in its order. */
    static final class Weights {
        final double[] each;

        /** The sum of each and all before it. */
        final double[] upTo;

        final double heaviest;
        final boolean equal;

        /** Whether they stay as they are. */
        private final boolean settled;
        private final long atNanos;

        private Weights(double[] each, boolean settled, long atNanos) {
            this.each = each;
            this.upTo = each.clone();
            double most = 0;
            double least = Double.MAX_VALUE;
            for (int i = 0; i < each.length; i++) {
                upTo[i] += i == 0 ? 0 : upTo[i - 1];
                most = Math.max(most, each[i]);
                least = Math.min(least, each[i]);
            }
            this.heaviest = most;
            this.equal = each.length == 0 || most == least;
            this.settled = settled;
            this.atNanos = atNanos;
        }
    }

    /** All of them, those that are leaving included. */
    final Target[] all;

    /** Those that take new requests. */
    final Target[] open;

    final TrafficRules rules;
    private final Map<String, Target> byKey = new HashMap<>();
    private final Map<Long, Target[]> byVersion = new HashMap<>();
    private final long[] slowUntil;
    private volatile Weights weights;

    /** @param targets in step with what their {@code said} was when the table came */
    Roster(List<Target> targets, List<Endpoint> endpoints, TrafficRules rules,
            boolean slowStart, long now) {
        this.rules = rules;
        this.all = targets.toArray(Target[]::new);
        List<Target> taking = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (endpoints.get(i).open()) {
                taking.add(all[i]);
            }
            if (!all[i].key.isEmpty()) {
                byKey.put(all[i].key, all[i]);
            }
        }
        this.open = taking.toArray(Target[]::new);
        this.slowUntil = new long[open.length];
        for (int i = 0; i < open.length; i++) {
            slowUntil[i] = slowStart ? open[i].bornNanos + rules.slowStartMs() * 1_000_000L : now;
        }
        for (Split split : rules.splits()) {
            byVersion.computeIfAbsent(split.versionMs(), version -> ofVersion(endpoints, version));
        }
        this.weights = weightsAt(now);
    }

    /** A split overrules weights: one of weight 0 takes its requests, too. */
    private Target[] ofVersion(List<Endpoint> endpoints, long versionMs) {
        List<Target> some = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            Endpoint endpoint = endpoints.get(i);
            if (endpoint.versionMs() == versionMs && !endpoint.draining()) {
                some.add(all[i]);
            }
        }
        return some.toArray(Target[]::new);
    }

    /** Where a cookie leads; null if there is no such endpoint. */
    @Nullable
    Target byKey(String key) {
        return byKey.get(key);
    }

    /** The endpoints of a split's version, also those of weight 0; none if the version is gone. */
    Target[] version(long versionMs) {
        Target[] some = byVersion.get(versionMs);
        return some == null ? new Target[0] : some;
    }

    /** Weights of {@link #open} now. */
    Weights weights(long now) {
        Weights current = weights;
        if (!current.settled && now - current.atNanos > RENEW_NANOS) {
            current = weightsAt(now);
            weights = current;
        }
        return current;
    }

    private Weights weightsAt(long now) {
        double[] each = new double[open.length];
        boolean settled = true;
        for (int i = 0; i < open.length; i++) {
            double part = 1;
            if (now - slowUntil[i] < 0) {
                settled = false;
                double passed = (now - open[i].bornNanos) / (rules.slowStartMs() * 1e6);
                part = Math.max(FIRST_PART, Math.min(1, passed));
            }
            each[i] = open[i].said.weight() * part;
        }
        return new Weights(each, settled, now);
    }
}
