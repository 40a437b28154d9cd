package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: who ends an instance knows of its bound clients, whatever HAProxy has forgotten. */
class LoadsTest {

    private static final int IDLE_SECONDS = 30;

    private final Plan plan = Planner.plan(
            Tables.table(1,
                    Tables.service("/a", Tables.http("a.test", "/", 0), Tables.sticky("SID"),
                            Tables.up(1, 11))),
            HaproxySettings.of(Map.of("config", "/c/h.cfg", "socket", "/c/s", "reload", "r")),
            Map.of(), port -> true);
    private final Slots slots = new Slots();

    private int sessions(Loads loads, long atSeconds, int total, int idleSeconds) {
        slots.assign(plan.backends().get(0), 8, Map.of(), s -> false,
                e -> Optional.of("10.0.0.1"));
        StatPage page = StatPage.read("# pxname,svname,stot,lastsess\n"
                + Words.named("st_", "/a:0") + ",s1," + total + "," + idleSeconds + "\n");
        return loads.of(plan, slots, page, List.of(), atSeconds * 1_000_000_000L).get(0)
                .endpoints().get(0).sessions();
    }

    @Test
    void aReloadForgetsNoBoundClient() {
        Loads loads = new Loads(IDLE_SECONDS);
        sessions(loads, 0, 10, -1);
        assertThat(sessions(loads, 100, 10, 90)).isZero();
        assertThat(sessions(loads, 101, 12, 0)).isEqualTo(1);
        assertThat(sessions(loads, 102, 0, -1)).as("after a reload").isEqualTo(1);
        assertThat(sessions(loads, 130, 0, -1)).isEqualTo(1);
        assertThat(sessions(loads, 131, 0, -1)).isZero();
        assertThat(sessions(loads, 132, 1, 0)).isEqualTo(1);
        assertThat(sessions(loads, 133, 1, 1)).isEqualTo(1);
        assertThat(sessions(loads, 162, 1, 30)).isZero();
    }

    @Test
    void aNewLeaderDoesNotKnowWhoCameBeforeTheLastReload() {
        Loads loads = new Loads(IDLE_SECONDS);
        assertThat(sessions(loads, 500, 0, -1)).isEqualTo(1);
        assertThat(sessions(loads, 529, 0, -1)).isEqualTo(1);
        assertThat(sessions(loads, 530, 0, -1)).isZero();
        assertThat(sessions(new Loads(IDLE_SECONDS), 500, 9, 40)).isZero();
    }
}
