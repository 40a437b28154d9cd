package io.springtide.core.placement;

import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.placement.Forecast.Likely;
import io.springtide.core.placement.Forecast.More;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: what is said of later instances is what happens. Method: ask, then scale, and compare. */
class ForecastTest {

    private static final AppId WEB = new AppId("/web");

    private final Cluster cluster = new Cluster();

    private List<Likely> likely(More... more) {
        return Forecast.likely(cluster.state(), PlacementSettings.DEFAULT, Arrays.asList(more));
    }

    private List<AgentId> where(String path, long above) {
        TreeSet<Integer> rows = new TreeSet<>();
        cluster.instances(path, one -> one.number() > above)
                .forEach(one -> rows.add(one.agentRow()));
        return rows.stream().map(row -> cluster.state().agents().spec(row).id()).toList();
    }

    private long newest() {
        return cluster.state().instanceNext() - 1;
    }

    @Test
    void namesThoseThatGetTheInstances() {
        cluster.joinMany(12);
        cluster.accept(Specs.app("/web", 2).submit());
        cluster.quiesce();
        Likely said = likely(new More(WEB, 5)).getFirst();
        byte[] before = cluster.bytes();
        assertThat(likely(new More(WEB, 5)).getFirst()).isEqualTo(said);
        assertThat(cluster.bytes()).as("nothing changes").isEqualTo(before);
        long newest = newest();
        cluster.accept(Specs.app("/web", 7).submit());
        assertThat(where("/web", newest)).isEqualTo(said.agents()).hasSize(5);
        assertThat(said.placeable()).isEqualTo(5);
        assertThat(said.spare()).hasSize(2).doesNotContainAnyElementsOf(said.agents());
    }

    @Test
    void sparesAreAQuarterMore() {
        cluster.joinMany(40);
        cluster.accept(Specs.app("/web", 0).submit());
        Likely said = likely(new More(WEB, 20)).getFirst();
        assertThat(said.agents()).hasSize(20);
        assertThat(said.spare()).hasSize(5).doesNotContainAnyElementsOf(said.agents());
    }

    @Test
    void wherePackedSparesAreTheNextOnes() {
        cluster.joinMany(6);
        cluster.accept(Specs.app("/web", 0).policy(PlacementPolicy.BINPACK).submit());
        Likely said = likely(new More(WEB, 5)).getFirst();
        assertThat(said.agents()).hasSize(2);
        assertThat(said.spare()).hasSize(2).doesNotContainAnyElementsOf(said.agents());
    }

    @Test
    void eachAppIsAskedFromWhatTheOnesBeforeItLeave() {
        cluster.joinMany(2);
        cluster.accept(Specs.app("/web", 0).submit());
        cluster.accept(Specs.app("/cart", 0).submit());
        List<Likely> said = likely(new More(WEB, 6), new More(new AppId("/cart"), 6));
        assertThat(said).extracting(Likely::placeable).containsExactly(6, 2);
        assertThat(said.getFirst().spare()).as("there are only two agents").isEmpty();
    }

    @Test
    void ofAppsThatAreNotThereNothingIsSaid() {
        cluster.joinMany(1);
        assertThat(likely(new More(WEB, 6))).isEmpty();
    }
}
