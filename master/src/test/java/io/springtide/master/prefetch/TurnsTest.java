package io.springtide.master.prefetch;

import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.placement.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What one agent can take at a time. */
class TurnsTest {

    private static final AgentId AGENT = new AgentId("a1");

    private final Turns turns = new Turns(new PrefetchCounters(), (from, to) -> from);
    private final Map<String, PrefetchState> said = new TreeMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private long nowMs;

    private void plan(int number, String padding) {
        AppId app = new AppId("/app-" + number);
        Plan plan = new Plan(
                Prefetch.newBuilder().setId("id-" + number).setImage("r/" + padding + number)
                        .build(),
                new Occasion(app, "sale", number, number, 1));
        plan.choose(new Forecast.Likely(app, 1, List.of(AGENT), List.of()), agent -> true,
                agent -> true);
        plans.add(plan);
    }

    private List<String> next() {
        nowMs += 10_000;
        return turns.next(plans, agent -> Optional.of(said), nowMs)
                .getOrDefault(AGENT, List.of()).stream().map(Prefetch::getId).toList();
    }

    private void say(String id, Stage stage) {
        said.put(id, PrefetchState.newBuilder().setId(id).setStage(stage).build());
    }

    @Test
    void takesSoManyAtMostAndOthersWhenTheseAreDone() {
        for (int i = 0; i < 40; i++) {
            plan(i, "");
        }
        List<String> first = next();
        assertThat(first).hasSize(Turns.ITEMS_MAX).startsWith("id-0", "id-1").doesNotContain(
                "id-32");
        for (int i = 0; i < 10; i++) {
            say("id-" + i, Stage.DONE);
        }
        assertThat(next()).hasSize(Turns.ITEMS_MAX).contains("id-39").endsWith("id-0", "id-1");
        assertThat(turns.of("id-9", AGENT)).returns(true, Turn::done).returns(false, Turn::told);
    }

    @Test
    void aMoreUrgentOneTakesThePlaceOfAnother() {
        for (int i = 1; i <= 32; i++) {
            plan(i, "");
        }
        assertThat(next()).hasSize(32);
        plan(0, "");
        plans.addFirst(plans.removeLast());
        assertThat(next()).hasSize(32).startsWith("id-0", "id-1").doesNotContain("id-32");
        say("id-7", Stage.DONE);
        assertThat(next()).hasSize(32).contains("id-32").doesNotContain("id-7");
    }

    @Test
    void aListStaysFarBelowWhatAMessageHolds() {
        plan(0, "x".repeat(1 << 20));
        plan(1, "y".repeat(1 << 20));
        plan(2, "");
        assertThat(next()).containsExactly("id-0", "id-2");
    }
}
