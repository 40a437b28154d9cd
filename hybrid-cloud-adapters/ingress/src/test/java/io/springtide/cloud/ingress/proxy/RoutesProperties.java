package io.springtide.cloud.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RoutesProperties {

    record Rule(String host, String prefix) {}

    /** The found rule matches, and no rule that matches is more specific. */
    @Property(tries = 500)
    void findsTheMostSpecificRule(@ForAll("rules") List<Rule> rules, @ForAll("host") String host,
            @ForAll("path") String path) {
        Routes.Builder<Rule> builder = new Routes.Builder<>();
        Set<Rule> kept = new HashSet<>();
        for (Rule rule : rules) {
            assertThat(builder.add(rule.host(), rule.prefix(), rule)).isEqualTo(kept.add(rule));
        }
        Rule found = builder.build().find(host, path);
        List<Rule> matching = new ArrayList<>(kept);
        matching.removeIf(rule -> hostRank(rule, host) < 0 || !pathMatches(rule, path));
        if (matching.isEmpty()) {
            assertThat(found).isNull();
        } else {
            matching.sort((one, other) -> hostRank(one, host) != hostRank(other, host)
                    ? hostRank(other, host) - hostRank(one, host)
                    : other.prefix().length() - one.prefix().length());
            assertThat(found).isEqualTo(matching.getFirst());
        }
    }

    private static int hostRank(Rule rule, String host) {
        if (rule.host().equals("*")) {
            return 0;
        }
        if (rule.host().startsWith("*.")) {
            return host.endsWith(rule.host().substring(1)) ? rule.host().length() : -1;
        }
        return rule.host().equals(host) ? 1_000 : -1;
    }

    private static boolean pathMatches(Rule rule, String path) {
        String prefix = rule.prefix().equals("/") ? "" : rule.prefix();
        return (path + "/").startsWith(prefix + "/");
    }

    @Provide
    Arbitrary<List<Rule>> rules() {
        Arbitrary<String> hosts = Arbitraries.of("*", "a.x", "b.x", "a.b.x", "*.x", "*.b.x",
                "*.a.b.x");
        Arbitrary<String> prefixes = Arbitraries.of("/", "/s", "/s/t", "/st", "/s/t/u");
        return Combinators.combine(hosts, prefixes).as(Rule::new).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> host() {
        return Arbitraries.of("a.x", "b.x", "c.b.x", "a.b.x", "z.a.b.x", "x", "y", "");
    }

    @Provide
    Arbitrary<String> path() {
        return Arbitraries.of("/", "/s", "/s/", "/st", "/s/t", "/s/tt", "/s/t/u/v", "/q");
    }

    @Example
    void takesHostsInAnyCaseAndWithADotAtTheEnd() {
        Routes.Builder<String> builder = new Routes.Builder<>();
        builder.add("Shop.Example", "shop/", "here");
        Routes<String> routes = builder.build();
        assertThat(routes.find("SHOP.example.", "/shop")).isEqualTo("here");
        assertThat(routes.find("shop.example", "/shopping")).isNull();
        assertThat(routes.knows("shop.example")).isTrue();
        assertThat(routes.knows("example")).isFalse();
    }
}
