package io.springtide.master.agents;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.api.agent.Prefetched;
import io.springtide.api.agent.Prefetches;
import io.springtide.core.model.AgentId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: agents are told what to fetch ahead, and heard. Method: as {@link AgentGatewayTest}. */
class PrefetchOrdersTest {

    private static final AgentId AGENT = new AgentId("a1");
    private static final Prefetch WEB = item("web");
    private static final Prefetch CART = item("cart");

    private final GatewayBed bed = new GatewayBed(KillGate.OPEN);

    @AfterEach
    void close() throws Exception {
        bed.close();
    }

    private static Prefetch item(String id) {
        return Prefetch.newBuilder().setId(id).setImage("r/" + id).build();
    }

    private static List<Prefetches> lists(FakeAgent agent) {
        return agent.orders().stream().filter(Orders::hasPrefetch).map(Orders::getPrefetch)
                .toList();
    }

    private FakeAgent join() {
        FakeAgent agent = bed.agent().join();
        Eventually.holds("it is ready", () -> bed.gateway.said(AGENT).isPresent());
        return agent;
    }

    private void say(FakeAgent agent, PrefetchState... states) {
        agent.say(AgentMessage.newBuilder()
                .setPrefetched(Prefetched.newBuilder().addAllStates(List.of(states))));
    }

    private static PrefetchState state(String id, Stage stage, String error) {
        return PrefetchState.newBuilder().setId(id).setStage(stage).setError(error).build();
    }

    @Test
    void aListIsSentOnceAndAgainWhenItChanges() {
        FakeAgent agent = join();
        bed.gateway.want(AGENT, List.of());
        bed.gateway.want(AGENT, List.of(WEB, CART));
        bed.gateway.want(AGENT, List.of(WEB, CART));
        Eventually.holds("it is told", () -> lists(agent).size() == 1);
        bed.gateway.want(AGENT, List.of(CART));
        Eventually.holds("it is told again", () -> lists(agent).size() == 2);
        bed.gateway.want(AGENT, List.of());
        Eventually.holds("it ends", () -> lists(agent).size() == 3);
        assertThat(lists(agent)).extracting(Prefetches::getItemsList)
                .containsExactly(List.of(WEB, CART), List.of(CART), List.of());
        assertThat(agent.heard.getLast().getEpoch()).isEqualTo(5);
    }

    @Test
    void whatItSaysOfItsListIsKnown() {
        FakeAgent agent = join();
        assertThat(bed.gateway.said(AGENT)).contains(Map.of());
        bed.gateway.want(AGENT, List.of(WEB, CART));
        PrefetchState fetching = state("web", Stage.FETCHING, "");
        say(agent, fetching, state("cart", Stage.UNFETCHED, "no\nsuch image"),
                state("other", Stage.DONE, ""));
        Eventually.holds("it is heard", () -> bed.gateway.said(AGENT).filter(
                said -> said.equals(Map.of("web", fetching, "cart",
                        state("cart", Stage.UNFETCHED, "no such image"))))
                .isPresent());

        bed.gateway.want(AGENT, List.of(WEB));
        assertThat(bed.gateway.said(AGENT)).contains(Map.of("web", fetching));
        // Said before it had heard of that.
        say(agent, state("web", Stage.DONE, ""), state("cart", Stage.DONE, ""));
        Eventually.holds("the newest counts", () -> bed.gateway.said(AGENT)
                .filter(said -> said.equals(Map.of("web", state("web", Stage.DONE, ""))))
                .isPresent());
    }

    @Test
    void aNewConnectionKnowsNothingAndIsToldAnew() {
        FakeAgent first = join();
        bed.gateway.want(AGENT, List.of(WEB));
        say(first, state("web", Stage.DONE, ""));
        Eventually.holds("it is heard",
                () -> bed.gateway.said(AGENT).filter(said -> !said.isEmpty()).isPresent());
        first.close();
        Eventually.holds("it is gone", () -> bed.gateway.said(AGENT).isEmpty());
        bed.gateway.want(AGENT, List.of(WEB));

        FakeAgent second = join();
        assertThat(bed.gateway.said(AGENT)).contains(Map.of());
        bed.gateway.want(AGENT, List.of(WEB));
        Eventually.holds("it is told", () -> lists(second).size() == 1);
        assertThat(bed.gateway.said(new AgentId("nobody"))).isEmpty();
    }

    /** The agent has not read anything yet: what is ordered later goes first. */
    @Test
    void launchesDoNotWaitBehindIt() {
        FakeAgent agent = join();
        int heard = agent.heard.size();
        for (int i = 0; i < 200; i++) {
            bed.gateway.want(AGENT, List.of(item("x".repeat(10_000) + i)));
        }
        bed.ring.ask(TestApps.submitSleeper("/app", 3));
        agent.awaitLaunches(3);
        Eventually.holds("the newest list comes", () -> !lists(agent).isEmpty()
                && lists(agent).getLast().getItems(0).getId().endsWith("x199"));
        assertThat(agent.heard.stream().skip(heard).filter(MasterMessage::hasOrders)
                .map(MasterMessage::getOrders))
                .noneMatch(orders -> orders.hasPrefetch() && orders.getLaunchesCount() > 0);
    }

    @Test
    void needsAreTheImageAndWhatIsCached() {
        Optional<Prefetch> docker = needs("{'id':'/web','cmd':'serve','container':{'type':'DOCKER',"
                + "'docker':{'image':'r/web:7'}},'fetch':[{'uri':'http://h/a.tgz','cache':true},"
                + "{'uri':'http://h/b.tgz'}]}");
        assertThat(docker.orElseThrow().getImage()).isEqualTo("r/web:7");
        assertThat(docker.orElseThrow().getArtifactsList()).singleElement()
                .matches(one -> one.getUri().equals("http://h/a.tgz") && one.getCache());
        Prefetch other = needs(
                "{'id':'/other','cmd':'other','instances':4,'container':{'type':'DOCKER',"
                        + "'docker':{'image':'r/web:7'}},'fetch':[{'uri':'http://h/a.tgz','cache':true}]}")
                .orElseThrow();
        assertThat(other).as("the same thing has the same name").isEqualTo(docker.orElseThrow());
        assertThat(other.getId()).hasSize(32);
        assertThat(needs("{'id':'/web','cmd':'serve','container':{'type':'DOCKER',"
                + "'docker':{'image':'r/web:8'}}}").orElseThrow().getId())
                .isNotEqualTo(other.getId());

        assertThat(needs("{'id':'/web','cmd':'serve','fetch':[{'uri':'http://h/b.tgz'}]}"))
                .isEmpty();
        assertThat(needs("{'id':'/web','cmd':'serve'}")).isEmpty();
    }

    private Optional<Prefetch> needs(String json) {
        return bed.gateway.needs(TestApps.version(TestApps.spec(json, 1, 0)), TestRing.CLUSTER);
    }
}
