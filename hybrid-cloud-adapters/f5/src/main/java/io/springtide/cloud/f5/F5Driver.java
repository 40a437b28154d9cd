package io.springtide.cloud.f5;

import io.springtide.cloud.spi.support.Addresses;
import io.springtide.cloud.spi.support.Backoff;
import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.support.Worker;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one BIG-IP. Services are one declaration of AS3 for a tenant that is ours; endpoints come and go
 * as members of its pools by iControl, without a declaration. Every half minute, and after everything that
 * went wrong, what is there is read and made what it should be.
 */
public final class F5Driver implements TrafficDriver {

    static final String NAME = "f5";

    private static final Logger LOG = LoggerFactory.getLogger(F5Driver.class);

    /**
     * How fast things go; tests are in a hurry.
     *
     * @param interval between two looks at the counters
     * @param reconcile between two looks at all that is there
     * @param poll between two looks at a declaration under way
     * @param retryFirst before the second attempt
     * @param retryCap between later attempts
     */
    record Pace(Duration interval, Duration reconcile, Duration poll, Duration retryFirst,
            Duration retryCap) {

        static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(30),
                Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    private static final Duration DECLARE_PATIENCE = Duration.ofMinutes(5);

    private final F5Settings settings;
    private final Pace pace;
    private final BigIp bigIp;
    private final MemberLoads loads;
    private final Addresses addresses = new Addresses();
    private final Backoff backoff;
    private final Worker<TrafficTable> worker;
    private volatile TrafficReport report = TrafficReport.NOTHING;

    /** What is there, as far as is known; empty after anything that went wrong. */
    private Optional<BigIp.Seen> seen = Optional.empty();
    private long seenNanos;

    F5Driver(F5Settings settings, Pace pace) {
        this.settings = settings;
        this.pace = pace;
        this.bigIp = new BigIp(settings, pace.poll(), DECLARE_PATIENCE);
        this.loads = new MemberLoads(bigIp, settings);
        this.backoff = new Backoff(pace.retryFirst(), pace.retryCap(), new Random());
        if (!settings.verify()) {
            LOG.warn("f5: verify=false: whoever answers at {} gets the password", settings.url());
        }
        this.worker = new Worker<>("traffic-f5", this::work, this::stumbled);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void serve(TrafficTable table) {
        worker.give(table);
    }

    @Override
    public TrafficReport report() {
        return report;
    }

    @Override
    public void close() {
        worker.close();
        bigIp.close();
    }

    private Worker.Next work(TrafficTable table) throws InterruptedException {
        Plan plan = Plan.of(table, settings, addresses);
        try {
            reconcile(plan);
            report = new TrafficReport(table.revision(), Words.said(plan.troubles()),
                    System.currentTimeMillis(), loads.measure(plan));
            backoff.reset();
            return Worker.Next.within(pace.interval());
        } catch (IOException e) {
            seen = Optional.empty();
            Duration rest = backoff.next();
            if (e instanceof F5Exception answer && answer.rest().compareTo(rest) > 0) {
                rest = answer.rest();
            }
            List<String> troubles = new ArrayList<>(plan.troubles());
            troubles.add(0, String.valueOf(e.getMessage()));
            report = new TrafficReport(report.revision(), Words.said(troubles), report.atMs(),
                    report.services());
            return Worker.Next.after(rest);
        }
    }

    /** Makes what is there what it should be. */
    private void reconcile(Plan plan) throws IOException, InterruptedException {
        Declaration declaration = new Declaration(settings, plan);
        if (seen.isEmpty() || System.nanoTime() - seenNanos >= pace.reconcile().toNanos()) {
            look();
        }
        if (declared(declaration, plan)) {
            settle(plan, plan.pools().keySet());
            return;
        }
        // Endpoints first: they must not wait for a declaration, which takes seconds. But where a rule
        // still leads to a pool of which nobody is left, requests would be reset until it is gone.
        settle(plan, plan.led());
        BigIp.Seen before = seen.orElseThrow();
        seen = Optional.empty();
        LOG.info("f5: tenant {} is declared anew ({} instead of {})", settings.tenant(),
                declaration.label(), before.label());
        bigIp.declare(declaration.request(),
                () -> report = new TrafficReport(report.revision(), report.trouble(),
                        System.currentTimeMillis(), loads.measure(plan)));
        look();
        if (!declared(declaration, plan)) {
            throw new IOException("AS3 on BIG-IP " + settings.url() + " has applied the declaration"
                    + " of tenant " + settings.tenant() + ", and it is not there as a whole;"
                    + " it is declared again");
        }
        settle(plan, plan.pools().keySet());
    }

    private void look() throws IOException, InterruptedException {
        seen = Optional.of(bigIp.read());
        seenNanos = System.nanoTime();
    }

    private boolean declared(Declaration declaration, Plan plan) {
        BigIp.Seen now = seen.orElseThrow();
        Set<String> virtuals = declaration.virtuals();
        return now.label().equals(declaration.label()) && now.virtuals().equals(virtuals)
                && now.pools().keySet().equals(plan.pools().keySet());
    }

    /** Changes members until they are what is wanted, and reads again what was changed. */
    private void settle(Plan plan, Set<String> pools) throws IOException, InterruptedException {
        BigIp.Seen now = seen.orElseThrow();
        for (Plan.Pool pool : plan.pools().values()) {
            Map<String, Member> there = now.pools().get(pool.name());
            if (there == null || !pools.contains(pool.name())) {
                continue;
            }
            Map<String, Member> wanted = new TreeMap<>();
            pool.members().values().forEach(m -> wanted.put(m.name(), m));
            if (there.equals(wanted)) {
                continue;
            }
            // Until it is read again, nobody knows what came of it.
            seen = Optional.empty();
            change(pool.name(), wanted, there);
            Map<String, Member> after = bigIp.members(pool.name());
            if (!after.equals(wanted)) {
                throw new IOException("BIG-IP " + settings.url() + " has taken changes of pool "
                        + pool.name() + " and not done them; they are made again");
            }
            now.pools().put(pool.name(), after);
            seen = Optional.of(now);
        }
    }

    /** First what comes, then what stays away, then what goes. */
    private void change(String pool, Map<String, Member> wanted, Map<String, Member> there)
            throws IOException, InterruptedException {
        for (boolean coming : new boolean[]{true, false}) {
            for (Member member : wanted.values()) {
                Member before = there.get(member.name());
                if (member.enabled() != coming || member.equals(before)) {
                    continue;
                }
                if (before == null) {
                    bigIp.add(pool, member);
                } else {
                    bigIp.change(pool, member);
                }
            }
        }
        for (Member member : there.values()) {
            if (!wanted.containsKey(member.name())) {
                bigIp.change(pool, new Member(member.address(), member.port(), member.ratio(),
                        false));
                bigIp.remove(pool, member);
            }
        }
    }

    private void stumbled(RuntimeException e) {
        LOG.error("f5: a turn ended with an error; the next one begins anew", e);
        seen = Optional.empty();
        report = new TrafficReport(report.revision(), "the f5 driver has stumbled over itself (" + e
                + "); please report it with the log", report.atMs(), report.services());
    }
}
