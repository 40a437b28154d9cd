package io.springtide.master.prefetch;

import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: who is told to fetch what, and when. Method: the real core, agents that do what a test says. */
class PrefetchingTest {

    private PrefetchBed bed = new PrefetchBed(60);

    private Progress progress(AppId app) {
        return bed.prefetching.progress(app).orElseThrow();
    }

    private Set<AgentId> agentsOf(AppId app, ClusterState state) {
        Set<AgentId> agents = new TreeSet<>();
        state.app(app).ifPresent(one -> {
            for (int i = 0; i < one.instances().size(); i++) {
                agents.add(state.agents().spec(one.instances().get(i).agentRow()).id());
            }
        });
        return agents;
    }

    @Test
    void thoseAreToldThatWillGetTheInstancesAndAQuarterMore() {
        AppId web = bed.app("/web", "r/web:1", 12, 0);
        bed.look();
        Set<AgentId> told = bed.with("r/web:1");
        assertThat(told).hasSize(15);
        assertThat(progress(web)).returns(15, Progress::agents).returns(0, Progress::done)
                .returns(12, Progress::placeable);

        bed.submit(web, "r/web:1", 12);
        assertThat(bed.view.<Set<AgentId>>read(state -> agentsOf(web, state))).hasSize(12)
                .isSubsetOf(told);
    }

    @Test
    void nothingIsFetchedForAnAppThatNeedsNothing() {
        AppId web = bed.app("/web", "", 12, 0);
        bed.look(3);
        assertThat(bed.sent).isEmpty();
        assertThat(bed.prefetching.progress(web)).isEmpty();
    }

    @Test
    void aListIsSentOnceAndWhatIsDoneStaysOnIt() {
        AppId web = bed.app("/web", "r/web:1", 2, 0);
        bed.look();
        Set<AgentId> told = bed.with("r/web:1");
        AgentId one = told.iterator().next();
        bed.say(one, "r/web:1", Stage.FETCHING, "");
        bed.look(1);
        assertThat(progress(web)).returns(1, Progress::fetching).returns(40L, Progress::bytesDone)
                .returns(100L, Progress::bytesTotal);
        bed.done(told, "r/web:1");
        bed.look(100);
        assertThat(progress(web)).returns(4, Progress::done).returns(400L, Progress::bytesDone);
        assertThat(progress(web).sentence()).isEqualTo("/web's image r/web:1, needed for schedule"
                + " sale, is on 4 of 4 likely agents");
        assertThat(bed.sent.keySet()).isEqualTo(told);
        assertThat(bed.sent.values()).allMatch(lists -> lists.size() == 1);
        assertThat(bed.counters).returns(4L, PrefetchCounters::done)
                .returns(4, PrefetchCounters::agents).returns(4, PrefetchCounters::agentsDone);
    }

    @Test
    void noMoreThanSomeFetchTheSameThingAtATime() {
        AppId web = bed.app("/web", "r/web:1", 60, 0);
        bed.look(5);
        Set<AgentId> first = bed.with("r/web:1");
        assertThat(first).hasSize(Turns.AT_ONCE_MAX);
        List<AgentId> some = List.copyOf(first).subList(0, 10);
        bed.done(some.subList(0, 9), "r/web:1");
        bed.say(some.get(9), "r/web:1", Stage.UNFETCHED, "no room on its disk");
        bed.look(1);
        assertThat(bed.with("r/web:1")).hasSize(Turns.AT_ONCE_MAX + 10);
        bed.done(bed.busy("r/web:1"), "r/web:1");
        bed.look(1);
        bed.done(bed.busy("r/web:1"), "r/web:1");
        bed.look(1);
        assertThat(progress(web)).returns(60, Progress::agents).returns(60, Progress::done)
                .returns(0, Progress::failed);
    }

    /** A slow registry must not keep the later agents from beginning at all. */
    @Test
    void whoeverTakesLongHoldsUpNobodyAfterAWhile() {
        bed.app("/web", "r/web:1", 60, 0);
        bed.look(170);
        assertThat(bed.with("r/web:1")).hasSize(Turns.AT_ONCE_MAX);
        bed.look(20);
        assertThat(bed.with("r/web:1")).hasSize(60);
    }

    @Test
    void agentsThatGoMakeRoomForOthersAndAreNotWaitedFor() {
        bed.app("/web", "r/web:1", 60, 0);
        bed.look(2);
        AgentId gone = bed.with("r/web:1").iterator().next();
        bed.talks.remove(gone);
        bed.look(1);
        assertThat(bed.with("r/web:1")).as("another one in its place").hasSize(32)
                .doesNotContain(gone);
        bed.comeAnew(gone);
        bed.look(1);
        assertThat(bed.sentTo(gone)).as("told again on its new connection")
                .containsExactly(List.of("r/web:1"), List.of("r/web:1"));
    }

    @Test
    void whatFailsIsToldTriedAgainAndMadeGood() {
        AppId web = bed.app("/web", "r/web:1", 2, 0);
        bed.look();
        Set<AgentId> told = bed.with("r/web:1");
        AgentId bad = told.iterator().next();
        told.remove(bad);
        bed.done(told, "r/web:1");
        bed.say(bad, "r/web:1", Stage.UNFETCHED, "pull refused");
        bed.look(1);
        assertThat(progress(web)).returns(1, Progress::failed).returns(3, Progress::done);
        assertThat(progress(web).sentence()).endsWith("on 3 of 4 likely agents; agent-0000: pull"
                + " refused");
        assertThat(bed.prefetching.failed()).hasSize(1);
        assertThat(bed.counters.failed()).isOne();
        long sinceMs = progress(web).failedSinceMs();
        assertThat(sinceMs).isEqualTo(bed.nowMs);

        bed.look(59);
        assertThat(bed.sentTo(bad)).as("no sooner").hasSize(1);
        bed.look(10);
        assertThat(bed.sentTo(bad)).as("off the list, and anew").containsExactly(
                List.of("r/web:1"), List.of(), List.of("r/web:1"));
        bed.say(bad, "r/web:1", Stage.FETCHING, "");
        bed.look(1);
        assertThat(progress(web).failed()).as("not made good yet").isOne();
        assertThat(progress(web).failedSinceMs()).isEqualTo(sinceMs);
        bed.say(bad, "r/web:1", Stage.DONE, "");
        bed.look(1);
        assertThat(progress(web)).returns(0, Progress::failed).returns(4, Progress::done)
                .returns(0L, Progress::failedSinceMs);
        assertThat(bed.prefetching.failed()).isEmpty();
    }

    @Test
    void itEndsWithTheSchedule() {
        AppId web = bed.app("/web", "r/web:1", 3, 0);
        AppId cart = bed.app("/cart", "r/cart:1", 60, 5);
        bed.look();
        AgentId both = bed.with("r/web:1").iterator().next();
        assertThat(PrefetchBed.images(bed.talk(both).told)).containsExactly("r/web:1", "r/cart:1");
        bed.end(web);
        bed.look(1);
        assertThat(PrefetchBed.images(bed.talk(both).told)).containsExactly("r/cart:1");
        assertThat(bed.prefetching.progress(web)).isEmpty();
        bed.end(cart);
        bed.look(1);
        assertThat(bed.talks.values()).allMatch(talk -> talk.told.isEmpty());
        assertThat(bed.counters.agents()).isZero();
    }

    @Test
    void anotherVersionNeedsAnotherThing() {
        AppId web = bed.app("/web", "r/web:1", 3, 0);
        bed.look();
        bed.done(bed.with("r/web:1"), "r/web:1");
        bed.look(1);
        bed.submit(web, "r/web:2", 0);
        bed.look(10);
        assertThat(bed.with("r/web:1")).isEmpty();
        assertThat(bed.with("r/web:2")).hasSize(5);
        assertThat(progress(web).done()).isZero();
        bed.command(new Command.DeleteApp(web));
        bed.look(1);
        assertThat(bed.with("r/web:2")).isEmpty();
    }

    @Test
    void appsThatNeedTheSameThingNeedItOnce() {
        bed.app("/web", "r/both:1", 60, 0);
        bed.app("/cart", "r/both:1", 60, 5);
        bed.look(1);
        assertThat(bed.with("r/both:1")).hasSize(Turns.AT_ONCE_MAX);
        assertThat(bed.sent.values()).allMatch(lists -> lists.getLast().size() == 1);
    }

    @Test
    void anAgentHasSoMuchToFetchAtMostTheEarliestFirst() {
        bed = new PrefetchBed(1);
        for (int i = 0; i < 40; i++) {
            bed.app("/app-" + i, "r/" + i, 1, 40 - i);
        }
        bed.look();
        AgentId only = new AgentId("agent-0000");
        List<String> told = PrefetchBed.images(bed.talk(only).told);
        assertThat(told).hasSize(4).as("there is room for four").containsExactly("r/39", "r/38",
                "r/37", "r/36");
    }

    /** Where instances would go changes all the time; what has been fetched does not move with it. */
    @Test
    void whatWasToldStaysAndOthersAreAddedOnlyToABound() {
        AppId web = bed.app("/web", "r/web:1", 4, 0);
        bed.look();
        Set<AgentId> first = bed.with("r/web:1");
        assertThat(first).hasSize(6);
        Set<AgentId> ever = new TreeSet<>(first);
        for (int i = 0; i < 8; i++) {
            // Those that are likely now are full a moment later.
            bed.submit(new AppId("/filler-" + i), "f", 40);
            bed.look((int) (Prefetching.FORECAST_MS / 1_000));
            assertThat(bed.with("r/web:1")).containsAll(first);
            ever.addAll(bed.with("r/web:1"));
        }
        assertThat(ever).hasSizeLessThanOrEqualTo(2 * first.size());
        assertThat(progress(web).agents()).isEqualTo(bed.with("r/web:1").size());
    }

    @Test
    void whereAgentsFallSilentOthersAreToldInTheirPlace() {
        AppId web = bed.app("/web", "r/web:1", 4, 0);
        bed.look();
        List<AgentId> gone = List.copyOf(bed.with("r/web:1")).subList(0, 4);
        gone.forEach(agent -> {
            bed.talks.remove(agent);
            bed.command(new Command.AgentFellSilent(agent, 0));
        });
        bed.look((int) (Prefetching.FORECAST_MS / 1_000));
        assertThat(progress(web).agents()).isBetween(6, 12);
        Set<AgentId> told = bed.with("r/web:1");
        bed.submit(web, "r/web:1", 4);
        assertThat(bed.view.<Set<AgentId>>read(state -> agentsOf(web, state))).hasSize(4)
                .isSubsetOf(told);
    }

    @Test
    void aNewLeaderAsksAnewAndIsToldAtOnce() {
        AppId web = bed.app("/web", "r/web:1", 4, 0);
        bed.look();
        bed.lead();
        bed.talks.keySet().forEach(bed::comeAnew);
        bed.look(1);
        bed.done(bed.with("r/web:1"), "r/web:1");
        bed.look(1);
        assertThat(progress(web)).returns(6, Progress::agents).returns(6, Progress::done);
    }

    @Test
    void whereNobodyHasRoomThatIsSaid() {
        bed.submit(new AppId("/filler"), "f", 240);
        AppId web = bed.app("/web", "r/web:1", 4, 0);
        bed.look();
        assertThat(progress(web).sentence()).isEqualTo("/web's image r/web:1, needed for schedule"
                + " sale, is fetched nowhere: no agent has room for any of the 4 missing instances"
                + " now");
        assertThat(bed.sent).isEmpty();
    }

    /** A forecast holds up everybody who reads the state. */
    @Test
    void asksForAFewAppsAtATimeTheMostUrgentFirst() {
        int count = Prefetching.APPS_AT_ONCE_MAX + 3;
        for (int i = 0; i < count; i++) {
            bed.app("/app-" + i, "r/" + i, 1, count - i);
        }
        bed.look();
        assertThat(bed.with("r/2")).isEmpty();
        assertThat(bed.with("r/3")).hasSize(3);
        bed.look(1);
        assertThat(bed.with("r/0")).hasSize(3);
        assertThat(bed.with("r/3")).as("it stays").hasSize(3);
    }

    @Test
    void appsThatNeedNothingKeepNobodyWaiting() {
        for (int i = 0; i < Prefetching.APPS_MAX + 10; i++) {
            bed.app("/app-" + i, "", 1, i);
        }
        bed.app("/web", "r/web:1", 1, Prefetching.APPS_MAX + 10);
        bed.look();
        assertThat(bed.with("r/web:1")).hasSize(3);
    }

    @Test
    void asksWhereInstancesWouldGoForTheMostUrgentOnly() {
        bed = new PrefetchBed(3);
        bed.app("/huge", "r/huge:1", 2 * Prefetching.INSTANCES_MAX, 0);
        AppId small = bed.app("/small", "r/small:1", 1, 1);
        bed.look();
        assertThat(bed.with("r/huge:1")).hasSize(3);
        assertThat(bed.prefetching.progress(small)).as("its turn comes").isEmpty();
    }
}
