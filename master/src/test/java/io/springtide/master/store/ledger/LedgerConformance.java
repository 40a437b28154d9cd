package io.springtide.master.store.ledger;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.ledger.Ledger.Fence;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the journal relies on in every ledger and every seat, on a real server. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
public abstract class LedgerConformance {

    private static final Addresses SELF = new Addresses("a:1", "a:2");

    private Ledger ledger;
    private Seat seat;
    private Seat.Term term;

    /** A new connection to the running test's path. */
    protected abstract Ledger openLedger();

    /** The seat that belongs to a ledger's connection. */
    protected abstract Seat openSeat(Ledger of);

    @BeforeEach
    void open() {
        ledger = openLedger();
        ledger.settle("cluster", bytes("x"));
        seat = openSeat(ledger);
        term = seat.take(SELF).orElseThrow();
    }

    @AfterEach
    void close() {
        seat.leave(term);
        seat.close();
        ledger.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<String> value(String key) {
        return ledger.read(List.of(key)).getFirst()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static LedgerChange create(String key) {
        return new LedgerChange.Create(key, bytes(key));
    }

    private void write(LedgerChange... changes) {
        ledger.write(term.fence(), List.of(changes));
    }

    private void expect(Kind kind, Fence fence, LedgerChange... changes) {
        assertThatThrownBy(() -> ledger.write(fence, List.of(changes)))
                .isInstanceOfSatisfying(LedgerException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    @Test
    void carriesOutAllOrNothing() {
        write(create("a/1"), create("a/2"));
        expect(Kind.CONFLICT, term.fence(), create("a/3"), create("a/1"));
        expect(Kind.CONFLICT, term.fence(), create("a/3"), new LedgerChange.Delete("a/9"));
        expect(Kind.CONFLICT, term.fence(), new LedgerChange.Expect("a/9"), create("a/3"));
        assertThat(ledger.list("a")).containsExactly("1", "2");
        write(new LedgerChange.Expect("a/1"), new LedgerChange.Delete("a/2"), create("a/3"),
                new LedgerChange.Put("a/1", bytes("new")), new LedgerChange.Put("a/4", bytes("4")));
        assertThat(value("a/1")).contains("new");
        assertThat(value("a/2")).isEmpty();
        assertThat(ledger.list("a")).containsExactly("1", "3", "4");
        assertThat(ledger.read(List.of("a/4", "a/9", "a/3"))).extracting(Optional::isPresent)
                .containsExactly(true, false, true);
    }

    @Test
    void aFenceThatHasFallenLetsNothingThrough() {
        write(create("a/1"));
        Fence old = term.fence();
        seat.leave(term);
        Ledger other = openLedger();
        Seat next = openSeat(other);
        Seat.Term second = next.take(SELF).orElseThrow();
        assertThat(second.epoch()).isEqualTo(term.epoch() + 1);
        assertThat(seat.take(SELF)).isEmpty();
        assertThat(seat.holder().orElseThrow().epoch()).isEqualTo(second.epoch());
        expect(Kind.FENCED, old, create("a/2"));
        expect(Kind.FENCED, old, new LedgerChange.Put("a/1", bytes("stale")));
        expect(Kind.FENCED, old, new LedgerChange.Delete("a/1"));
        expect(Kind.FENCED, old, create("b/1"), create("b/2"));
        assertThatThrownBy(() -> ledger.writeAll(old,
                List.of(List.of(create("c/1")), List.of(create("c/2")))))
                .isInstanceOfSatisfying(LedgerException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.FENCED));
        assertThat(ledger.list("a")).containsExactly("1");
        assertThat(value("a/1")).contains("a/1");
        assertThat(ledger.list("b")).isEmpty();
        assertThat(ledger.list("c")).isEmpty();
        other.write(second.fence(), List.of(create("a/2")));
        next.leave(second);
        // Nobody sits there: the fence has fallen all the same.
        expect(Kind.FENCED, old, create("a/3"));
        next.close();
        other.close();
        term = seat.take(SELF).orElseThrow();
        write(create("a/3"));
    }

    @Test
    void foldersAreThereAsLongAsSomethingIsInThem() {
        assertThat(ledger.list("log")).isEmpty();
        assertThat(ledger.first("log")).isEmpty();
        for (int folder = 0; folder < 3; folder++) {
            List<LedgerChange> changes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                changes.add(create("log/" + folder + "/" + (100 + i)));
            }
            ledger.write(term.fence(), changes);
        }
        write(create("log2/x/y"));
        assertThat(ledger.list("log")).containsExactly("0", "1", "2");
        assertThat(ledger.list("log/1")).hasSize(50).isSorted();
        assertThat(ledger.first("log/1")).contains("100");
        new Parts(ledger).deleteFolder(term.fence(), "log/0");
        assertThat(ledger.list("log")).containsExactly("1", "2");
        assertThat(ledger.first("log")).contains("1");
        new Parts(ledger).delete(term.fence(), List.of("log/1/100", "log/0/100", "log/1/101"));
        assertThat(ledger.first("log/1")).contains("102");
        write(create("log/0/1"));
        assertThat(ledger.list("log")).containsExactly("0", "1", "2");
    }

    @Test
    void listsMoreThanOneAnswerHolds() {
        List<List<LedgerChange>> all = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            if (i % 50 == 0) {
                all.add(new ArrayList<>());
            }
            all.getLast().add(create("many/" + (10_000 + i)));
        }
        ledger.writeAll(term.fence(), all);
        assertThat(ledger.list("many")).hasSize(2_500).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void takesTransactionsOfTheLargestSizeManyAtATime() {
        List<List<LedgerChange>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<LedgerChange> changes = new ArrayList<>();
            if (i > 0) {
                changes.add(new LedgerChange.Expect("big/" + (100 + i - 1)));
            }
            changes.add(new LedgerChange.Create("big/" + (100 + i),
                    new byte[Ledger.TRANSACTION_BYTES_MAX - 100]));
            all.add(changes);
        }
        ledger.writeAll(term.fence(), all);
        assertThat(ledger.list("big")).hasSize(40);
        List<LedgerChange> small = new ArrayList<>();
        for (int i = 0; i < Ledger.CHANGES_MAX; i++) {
            small.add(new LedgerChange.Put("small/" + i, new byte[10]));
        }
        ledger.write(term.fence(), small);
        assertThat(ledger.list("small")).hasSize(Ledger.CHANGES_MAX);
    }

    @Test
    void whatIsSettledOnceStays() {
        assertThat(ledger.settle("cluster", bytes("y"))).isEqualTo(bytes("x"));
    }

    @Test
    void waitsForAKey() throws Exception {
        assertThat(ledger.await("a/1", Duration.ofMillis(50))).isFalse();
        CompletableFuture<Boolean> awaited = CompletableFuture.supplyAsync(() -> {
            try {
                return ledger.await("a/1", Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Thread.sleep(300);
        long start = System.nanoTime();
        write(create("a/1"));
        assertThat(awaited.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(ledger.await("a/1", Duration.ZERO)).isTrue();
    }
}
