package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Split;
import io.vertx.core.MultiMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where a request must go, by what its headers say: a split's version, the endpoint that the client is
 * bound to. The cookie names the endpoint and the client: {@code KEY.SESSION}. One thread.
 */
final class Binding {

    private static final int SESSION_LENGTH_MAX = 16;

    private @Nullable String key;
    private String session = "";
    private boolean fresh;

    Binding(MultiMap headers, TrafficRules rules) {
        String cookie = rules.stickyCookie().isEmpty() ? null
                : HeaderNames.cookie(headers, rules.stickyCookie());
        int dot = cookie == null ? -1 : cookie.indexOf('.');
        if (cookie != null && dot > 0 && cookie.length() - dot - 1 <= SESSION_LENGTH_MAX) {
            key = cookie.substring(0, dot);
            session = cookie.substring(dot + 1);
        }
    }

    /** Chooses by what is bound, or else by balance. Null if nobody may be asked now. */
    @Nullable
    Target choose(Roster roster, Choice choice, Choice.Turn turn, MultiMap headers, String client,
            @Nullable Target not, long now) {
        TrafficRules rules = roster.rules;
        Target[] only = rules.splits().isEmpty() ? null : split(roster, headers);
        Target bound = key == null ? null : roster.byKey(key);
        if (bound != null && bound != not && choice.admits(bound, now)
                && (only == null || contains(only, bound))
                // One that leaves keeps those who were here lately, and nobody else.
                && (!bound.said.draining() || bound.knows(session, now))) {
            return bound;
        }
        if (only != null) {
            Target chosen = choice.of(only, not, now);
            if (chosen != null) {
                return chosen;
            }
        }
        return choice.any(roster, turn, client, not, now);
    }

    /** The request goes there: the session is noted. */
    void bind(Target target, SplittableRandom random, long now) {
        if (target.key.isEmpty()) {
            return;
        }
        if (!target.key.equals(key)) {
            key = target.key;
            session = Long.toHexString(random.nextLong());
            fresh = true;
        }
        target.seen(session, now);
    }

    /** What the client is to remember; null if it knows already. */
    @Nullable
    String cookie() {
        return fresh ? key + "." + session : null;
    }

    /** Endpoints of the first split that the request matches; null if it is none, or its version is gone. */
    private static Target @Nullable [] split(Roster roster, MultiMap headers) {
        for (Split split : roster.rules.splits()) {
            String value = split.header().isEmpty() ? HeaderNames.cookie(headers, split.cookie())
                    : headers.get(split.header());
            if (split.value().equals(value)) {
                Target[] some = roster.version(split.versionMs());
                return some.length == 0 ? null : some;
            }
        }
        return null;
    }

    private static boolean contains(Target[] some, Target one) {
        for (Target each : some) {
            if (each == one) {
                return true;
            }
        }
        return false;
    }
}
