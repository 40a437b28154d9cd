package io.springtide.master.prefetch;

import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import io.springtide.master.TestEngine;
import io.springtide.master.agents.PrefetchPort;
import io.springtide.master.agents.Timing;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The real core and agents that fetch what a test says; an app's definition is the image that it needs. */
final class PrefetchBed implements PrefetchPort {

    private static final long BEGIN_MS = 100_000_000;

    final PrefetchCounters counters = new PrefetchCounters();
    final CommittedState view = new CommittedState(new ClusterState(), 0);
    long nowMs = 50_000_000;
    /** Of the present connections. */
    final Map<AgentId, Talk> talks = new TreeMap<>();
    /** Every list that an agent was sent, in order. */
    final Map<AgentId, List<List<String>>> sent = new TreeMap<>();
    private final TestEngine engine = new TestEngine(
            new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view);
    private final Map<AppId, Occasion> occasions = new LinkedHashMap<>();
    Prefetching prefetching = lead();

    /** What one connection has heard and said. */
    static final class Talk {
        List<Prefetch> told = List.of();
        Map<String, PrefetchState> said = Map.of();
    }

    PrefetchBed(int agentCount) {
        command(new Command.FoundCluster("5f0c9e1ad2b34c77"));
        for (int i = 0; i < agentCount; i++) {
            join("agent-%04d".formatted(i));
        }
    }

    /** A leader that knows nothing yet. */
    Prefetching lead() {
        prefetching = new Prefetching(view, this, new Steps(), counters);
        return prefetching;
    }

    void join(String name) {
        command(new Command.RegisterAgent(new AgentSpec(new AgentId(name), 1, "127.0.0.1", "eu",
                "s", "r", AgentSpec.sorted(Map.of()), new Resources(4_000, 8_192, 1_000, 0),
                List.of(new PortRange(31_000, 31_999)), 3), List.of()));
        talks.put(new AgentId(name), new Talk());
    }

    /** The same agent over another connection, on which nobody has said anything. */
    void comeAnew(AgentId agent) {
        talks.put(agent, new Talk());
    }

    Answer command(Command command) {
        return engine.command(command, nowMs);
    }

    /** An app without instances, and a schedule that begins so many minutes after another time. */
    AppId app(String id, String image, int missing, int minutes) {
        AppId app = new AppId(id);
        submit(app, image, 0);
        occasions.put(app, new Occasion(app, "sale", BEGIN_MS + minutes * 60_000L, BEGIN_MS,
                missing));
        return app;
    }

    void submit(AppId app, String image, int instances) {
        Shape shape = new Shape(new Resources(1_000, 64, 0, 0), List.of(), RuntimeKind.DOCKER,
                PlacementPolicy.SPREAD);
        command(new Command.SubmitApps(List.of(new Command.AppChange(new AppSpec(app, image,
                instances, shape, Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DEFAULT, 3_000, false, List.of()), Command.AppChange.ANY)), true));
    }

    /** Its schedule has gone, or has what it wants. */
    void end(AppId app) {
        occasions.remove(app);
    }

    void look() {
        prefetching.look(List.copyOf(occasions.values()), nowMs);
    }

    void look(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowMs += 1_000;
            look();
        }
    }

    // ------------------------------------------------------------ what agents do

    Set<AgentId> with(String image) {
        Set<AgentId> agents = new TreeSet<>();
        talks.forEach((agent, talk) -> {
            if (images(talk.told).contains(image)) {
                agents.add(agent);
            }
        });
        return agents;
    }

    /** Agents whose list has what they have not got. */
    Set<AgentId> busy(String image) {
        Set<AgentId> agents = with(image);
        agents.removeIf(agent -> Optional.ofNullable(talk(agent).said.get("id-" + image))
                .filter(state -> state.getStage() == Stage.DONE).isPresent());
        return agents;
    }

    Talk talk(AgentId agent) {
        return Optional.ofNullable(talks.get(agent)).orElseThrow();
    }

    void say(AgentId agent, String image, Stage stage, String error) {
        Map<String, PrefetchState> said = new TreeMap<>(talk(agent).said);
        said.put("id-" + image, PrefetchState.newBuilder().setId("id-" + image).setStage(stage)
                .setError(error).setBytesDone(stage == Stage.DONE ? 100 : 40).setBytesTotal(100)
                .build());
        talk(agent).said = said;
    }

    void done(Iterable<AgentId> agents, String image) {
        agents.forEach(agent -> say(agent, image, Stage.DONE, ""));
    }

    static List<String> images(List<Prefetch> items) {
        return items.stream().map(Prefetch::getImage).toList();
    }

    List<List<String>> sentTo(AgentId agent) {
        return sent.getOrDefault(agent, List.of());
    }

    @Override
    public Optional<Prefetch> needs(AppVersion version, String clusterId) {
        String image = version.spec().definition();
        return image.isEmpty()
                ? Optional.empty()
                : Optional.of(Prefetch.newBuilder().setId("id-" + image).setImage(image).build());
    }

    @Override
    public void want(AgentId agent, List<Prefetch> items) {
        Talk talk = talks.get(agent);
        if (talk != null && !talk.told.equals(items)) {
            talk.told = items;
            Map<String, PrefetchState> kept = new TreeMap<>(talk.said);
            kept.keySet().retainAll(items.stream().map(Prefetch::getId).toList());
            talk.said = kept;
            sent.computeIfAbsent(agent, unused -> new ArrayList<>()).add(images(items));
        }
    }

    @Override
    public Optional<Map<String, PrefetchState>> said(AgentId agent) {
        return Optional.ofNullable(talks.get(agent)).map(talk -> Collections
                .unmodifiableMap(talk.said));
    }

    /** Time stands still unless a test moves it. */
    private final class Steps implements Timing {

        @Override
        public long nanoTime() {
            return nowMs * 1_000_000;
        }

        @Override
        public long random(long from, long to) {
            return from;
        }

        @Override
        public void after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException("nobody waits here: " + Arrays.asList(delay));
        }

        @Override
        public void every(Duration pause, Runnable task) {
            throw new UnsupportedOperationException("nobody repeats here");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
