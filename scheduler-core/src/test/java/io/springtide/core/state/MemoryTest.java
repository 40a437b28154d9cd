package io.springtide.core.state;

import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.Specs;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is remembered of apps and groups that have changed often, or are gone; and what is known to be forgotten. */
class MemoryTest {

    private final Cluster cluster = new Cluster();

    private static Command group(Command.GroupChange.Kind kind, String path, String... after) {
        return new Command.SubmitApps(List.of(), List.of(),
                List.of(new Command.GroupChange(
                        new GroupSpec(path, List.of(after), Optional.empty()), kind)),
                false);
    }

    @Test
    void knowsFromWhenOnNothingIsMissing() {
        TreeMap<Long, String> kept = new TreeMap<>();
        kept.put(30L, "c");
        kept.put(40L, "d");
        Memory whole = Memory.since(30);
        assertThat(whole.covers(29, kept)).as("it was not there").isTrue();
        assertThat(whole.covers(30, kept)).isTrue();
        Memory partly = Memory.since(10).forgetting(10).forgetting(20);
        assertThat(partly.covers(9, kept)).as("it was not there").isTrue();
        assertThat(partly.covers(10, kept)).isFalse();
        assertThat(partly.covers(29, kept)).isFalse();
        assertThat(partly.covers(30, kept)).isTrue();
        Memory holed = Memory.since(10).forgetting(35);
        assertThat(holed.covers(39, kept)).as("another version counted then").isFalse();
        assertThat(holed.covers(40, kept)).isTrue();
    }

    @Test
    void anAppThatHasChangedOftenSaysWhatIsForgottenOfIt() {
        long beforeMs = cluster.nowMs();
        cluster.passMs(10);
        cluster.accept(Specs.app("/web", 0).submit());
        long firstMs = cluster.nowMs();
        for (int i = 0; i < AppState.VERSIONS_MAX + 5; i++) {
            cluster.passMs(10);
            cluster.accept(Specs.app("/web", 0).definition("v" + i).submit());
            cluster.settle();
        }
        for (ClusterState state : List.of(cluster.state(), restored())) {
            AppState app = state.app(new AppId("/web")).orElseThrow();
            assertThat(app.memory().covers(beforeMs, app.history())).isTrue();
            assertThat(app.memory().covers(firstMs, app.history())).isFalse();
            assertThat(app.memory().covers(app.current().versionMs(), app.history())).isTrue();
        }
    }

    @Test
    void whatWasSaidOfAGroupIsKeptWhenItGoes() {
        cluster.accept(group(Command.GroupChange.Kind.SET, "/shop", "/db"));
        long thenMs = cluster.nowMs();
        cluster.passMs(10);
        cluster.accept(group(Command.GroupChange.Kind.REMOVE, "/shop"));
        assertThat(cluster.state().groups().get("/shop")).isEmpty();
        for (ClusterState state : List.of(cluster.state(), restored())) {
            RemovedGroups.Removed gone = state.groups().removed().get("/shop").orElseThrow();
            assertThat(gone.at(thenMs).orElseThrow().dependencies()).containsExactly("/db");
            assertThat(gone.at(gone.removedMs())).isEmpty();
        }
    }

    @Test
    void aFormerLifeIsForgottenButNotThatThereWasOne() {
        cluster.accept(group(Command.GroupChange.Kind.SET, "/shop", "/db"));
        long firstLifeMs = cluster.nowMs();
        cluster.passMs(10);
        cluster.accept(group(Command.GroupChange.Kind.REMOVE, "/shop"));
        cluster.passMs(10);
        cluster.accept(group(Command.GroupChange.Kind.SET, "/shop", "/cache"));
        long secondLifeMs = cluster.nowMs();
        cluster.passMs(10);
        cluster.accept(group(Command.GroupChange.Kind.REMOVE, "/shop"));
        RemovedGroups.Removed gone = cluster.state().groups().removed().get("/shop").orElseThrow();
        assertThat(gone.memory().covers(firstLifeMs, gone.versions())).isFalse();
        assertThat(gone.memory().covers(secondLifeMs, gone.versions())).isTrue();
        assertThat(gone.memory().covers(firstLifeMs - 1, gone.versions())).isTrue();
    }

    @Test
    void onlySoManyGroupsAreKept() {
        for (int i = 0; i < RemovedGroups.GROUPS_MAX + 1; i++) {
            cluster.accept(group(Command.GroupChange.Kind.SET, "/g" + i));
            cluster.accept(group(Command.GroupChange.Kind.REMOVE, "/g" + i));
        }
        RemovedGroups removed = cluster.state().groups().removed();
        assertThat(removed.all()).hasSize(RemovedGroups.GROUPS_MAX);
        assertThat(removed.get("/g0")).isEmpty();
    }

    private ClusterState restored() {
        byte[] bytes = StateSnapshot.encode(cluster.state());
        ClusterState state = StateSnapshot.decode(bytes);
        assertThat(StateSnapshot.encode(state)).isEqualTo(bytes);
        return state;
    }
}
