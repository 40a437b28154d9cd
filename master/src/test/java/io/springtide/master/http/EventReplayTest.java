package io.springtide.master.http;

import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.master.http.EventReader.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Goal: whoever comes back with the id of the last event it has seen gets just what it has missed. Method:
 * a witness that never goes away reads everything; the others must be sent the same, word for word.
 */
@Timeout(120)
class EventReplayTest {

    private static final Duration PATIENCE = Duration.ofMillis(500);

    @TempDir
    private Path data;

    private JournaledCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new JournaledCluster(data, PATIENCE);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void restart() throws Exception {
        cluster.close();
        start();
    }

    private EventReader open(String query, String lastId) throws Exception {
        return EventReader.open(cluster.server.port(), query,
                Optional.of(lastId).filter(id -> !id.isEmpty()));
    }

    /** The life of an app, from the beginning to the end. */
    private void live(String app) throws Exception {
        client.post("/v2/apps", """
                {"id":"%s","cmd":"serve","cpus":0.1,"instances":3,
                 "healthChecks":[{"protocol":"MESOS_HTTP","path":"/"}]}""".formatted(app));
        cluster.report(Condition.STAGING, Health.UNKNOWN);
        cluster.report(Condition.RUNNING, Health.ALIVE);
        cluster.report(Condition.RUNNING, Health.DEAD);
        client.delete("/v2/apps" + app);
        cluster.report(Condition.KILLED, Health.UNKNOWN);
    }

    private static List<Frame> after(List<Frame> all, Frame last) {
        return all.subList(all.indexOf(last) + 1, all.size());
    }

    @Test
    void whatWasMissedComesOnceAndInOrder() throws Exception {
        try (EventReader witness = open("", "")) {
            live("/first");
            List<Frame> all = new ArrayList<>(witness.until("app_terminated_event", "/first"));
            live("/second");
            all.addAll(witness.until("app_terminated_event", "/second"));
            assertThat(all).extracting(Frame::id).doesNotHaveDuplicates();
            assertThat(all).extracting(Frame::type).contains("status_update_event",
                    "add_health_check_event", "remove_health_check_event", "deployment_info",
                    "failed_health_check_event", "health_status_changed_event");
            // From the middle of a fact, from the end of one, from the very first.
            for (int seen : List.of(0, 1, 2, 5, all.size() / 2, all.size() - 2)) {
                try (EventReader late = open("", all.get(seen).id())) {
                    assertThat(late.until(all.getLast().id()))
                            .isEqualTo(after(all, all.get(seen)));
                }
            }
        }
    }

    @Test
    void aFilterAppliesToThePastToo() throws Exception {
        try (EventReader witness = open("", "")) {
            live("/web");
            List<Frame> all = witness.until("app_terminated_event", "/web");
            List<Frame> wanted = all.stream()
                    .filter(one -> one.type().equals("instance_health_changed_event")
                            || one.type().equals("app_terminated_event"))
                    .toList();
            try (EventReader late = open("?event_type=instance_health_changed_event"
                    + "&event_type=app_terminated_event", all.getFirst().id())) {
                assertThat(late.until(wanted.getLast().id())).isEqualTo(wanted);
            }
        }
    }

    @Test
    void idsAndEventsAreTheSameAfterARestart() throws Exception {
        List<Frame> all = new ArrayList<>();
        try (EventReader witness = open("", "")) {
            live("/first");
            all.addAll(witness.until("app_terminated_event", "/first"));
            cluster.snapshot();
            live("/second");
            all.addAll(witness.until("app_terminated_event", "/second"));
        }
        Frame seen = all.get(all.size() / 3);
        restart();
        try (EventReader late = open("", seen.id())) {
            assertThat(late.until(all.getLast().id())).isEqualTo(after(all, seen));
            live("/third");
            assertThat(late.until("app_terminated_event", "/third")).isNotEmpty()
                    .extracting(Frame::id).doesNotContainAnyElementsOf(
                            all.stream().map(Frame::id).toList());
        }
    }

    @Test
    void theWayIntoThePresentHasNoGapAndNoDouble() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/busy\",\"cmd\":\"x1\",\"cpus\":0.1,\"mem\":1,"
                + "\"portDefinitions\":[]}");
        try (EventReader witness = open("", "")) {
            for (int i = 0; i < 20; i++) {
                live("/before-" + i);
            }
            List<Frame> all = new ArrayList<>(
                    witness.until("app_terminated_event", "/before-19"));
            int before = all.size();
            CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < 60; i++) {
                        live("/load-" + i);
                    }
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
            });
            List<EventReader> late = new ArrayList<>();
            while (!changes.isDone()) {
                late.add(open("", all.get(late.size() * 7 % before).id()));
                Thread.sleep(20);
            }
            changes.join();
            all.addAll(witness.until("app_terminated_event", "/load-59"));
            for (int i = 0; i < late.size(); i++) {
                List<Frame> got = late.get(i).until(all.getLast().id());
                assertThat(got).as("reader " + i)
                        .isEqualTo(all.subList(i * 7 % before + 1, all.size()));
                late.get(i).close();
            }
            assertThat(late).hasSizeGreaterThan(5);
        }
    }

    @Test
    void whatIsNoLongerKeptIsSaidOnce() throws Exception {
        String old;
        try (EventReader witness = open("", "")) {
            live("/first");
            old = witness.until("app_terminated_event", "/first").getFirst().id();
        }
        for (int i = 0; i < 40; i++) {
            live("/more-" + i);
        }
        cluster.snapshot();
        live("/more");
        cluster.snapshot();
        live("/last");
        cluster.snapshot();
        try (EventReader late = open("", old)) {
            assertThat(late.next().comment()).isEqualTo(
                    ": events before " + old + " are no longer kept; read the state anew");
            assertThat(late.next().type()).isEqualTo("event_stream_attached");
            live("/now");
            assertThat(late.until("app_terminated_event", "/now").getFirst().type())
                    .isEqualTo("add_health_check_event");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999.0", "-1.0", "5", "5.x", "5.0.0", "99999999999999999999.0",
            "<script>\u0001"})
    void anIdThatIsNoneIsToldAndTheStreamGoesOn(String id) throws Exception {
        try (EventReader late = open("", id.replace("\u0001", ""))) {
            assertThat(late.next().comment()).startsWith(": events before ")
                    .endsWith(" are no longer kept; read the state anew");
            live("/now");
            assertThat(late.until("app_terminated_event", "/now")).isNotEmpty();
        }
    }

    @Test
    void whoDoesNotReadThePastIsCutAndOthersGetTheirs() throws Exception {
        String first;
        try (EventReader witness = open("", "")) {
            client.post("/v2/apps", "{\"id\":\"/many\",\"cmd\":\"x1\",\"cpus\":0.1,\"mem\":1,"
                    + "\"portDefinitions\":[],\"instances\":9000}");
            first = witness.until("deployment_info", "/many").getFirst().id();
            cluster.report(Condition.STAGING, Health.UNKNOWN);
            cluster.report(Condition.STARTING, Health.UNKNOWN);
            cluster.report(Condition.RUNNING, Health.UNKNOWN);
            assertThat(witness.until("deployment_success", "")).hasSizeGreaterThan(50_000);
        }
        long beganNs = System.nanoTime();
        try (EventReader deaf = open("", first)) {
            try (EventReader late = open("?event_type=deployment_success", first)) {
                assertThat(late.next().type()).isEqualTo("deployment_success");
            }
            assertThat(cluster.events.droppedCount()).isEqualTo(1);
            // Nobody waits for it: neither who changes something nor who reads.
            client.put("/v2/apps/many", "{\"instances\":9001}");
            assertThat(Duration.ofNanos(System.nanoTime() - beganNs))
                    .isLessThan(Duration.ofSeconds(30));
            assertThatThrownBy(() -> deaf.until("none"))
                    .isInstanceOf(IOException.class);
        }
    }
}
