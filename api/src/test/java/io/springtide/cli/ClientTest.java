package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The client by itself: what commands do not use of it. */
class ClientTest {
    private final FakeMaster master = new FakeMaster();
    private final TideClient client = new TideClient(TideClient.addresses(master.url()),
            Duration.ofSeconds(5), Duration.ofSeconds(5));

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void groupsAreCreatedAndReadAsTheyWere() {
        Json group = JsonText.parse("{\"id\":\"/a b\"}");
        master.on("POST /v2/groups?force=true", 201, "{\"deploymentId\":\"d-1\"}")
                .on("GET /v2/groups/a%20b/versions/v%3A1", 200, "{\"id\":\"/a b\"}");
        assertThat(client.groups().create(group, true).deploymentId()).isEqualTo("d-1");
        assertThat(client.groups().version("/a b", "v:1").get("id").text()).isEqualTo("/a b");
        assertThat(client.groups().find("/none")).isEmpty();
        assertThatThrownBy(() -> client.groups().get("/none"))
                .isInstanceOf(TideException.Refused.class);
    }

    @Test
    void podsHaveVersionsAndInstances() {
        master.on("GET /v2/pods", 200, "[{\"id\":\"/p\"}]")
                .on("GET /v2/pods/p::versions", 200, "[\"v1\",\"v2\"]")
                .on("GET /v2/pods/p::versions/v1", 200, "{\"id\":\"/p\"}")
                .on("DELETE /v2/pods/p::instances/p.instance-1", 200,
                        "{\"instanceId\":\"p.instance-1\"}");
        assertThat(client.pods().list()).hasSize(1);
        assertThat(client.pods().versions("/p")).containsExactly("v2", "v1");
        assertThat(client.pods().version("/p", "v1").get("id").text()).isEqualTo("/p");
        assertThat(client.pods().kill("/p", "p.instance-1").get("instanceId").text())
                .isEqualTo("p.instance-1");
    }

    @Test
    void aDeploymentIsReadFieldByField() {
        master.on("GET /tide/v1/deployments/d", 200,
                """
                        {"id":"d","version":"v","state":"waiting","why":"no room","currentStep":2,"totalSteps":3,
                         "deadline":"t","apps":[{"app":"/a","action":"ScaleApplication","step":2,"state":"running",
                          "why":"w","wanted":9,"new":8,"newHealthy":7,"newReady":6,"old":5,"ending":4,"missing":3,
                          "stage":2,"stages":4,"stageInstances":1},{"pod":"/p","action":"StartPod","step":3}]}""");
        Deployment one = client.deployments().find("d").orElseThrow();
        assertThat(one.deadline()).isEqualTo(Optional.of("t"));
        assertThat(one.paused()).isFalse();
        assertThat(one.apps()).containsExactly("/a");
        assertThat(one.pods()).containsExactly("/p");
        assertThat(one.parts().get(0)).isEqualTo(new Deployment.Part("/a", false,
                "ScaleApplication", 2, "running", "w", 9, 8, 7, 6, 5, 4, 3, 2, 4, 1));
    }

    @Test
    void aMarathonsDeploymentKnowsItsSteps() {
        master.on("GET /v2/deployments", 200,
                """
                        [{"id":"d","version":"v","currentStep":2,"totalSteps":3,"steps":[
                         {"actions":[{"action":"StopApplication","app":"/old"}]},
                         {"actions":[{"action":"ScaleApplication","app":"/a"},{"action":"ScalePod","pod":"/p"}]},
                         {"actions":[{"action":"RestartApplication","app":"/b"}]}]}]""");
        Deployment one = client.deployments().list().get(0);
        assertThat(one.parts()).extracting(Deployment.Part::id, Deployment.Part::state)
                .containsExactly(org.assertj.core.api.Assertions.tuple("/old", "done"),
                        org.assertj.core.api.Assertions.tuple("/a", "running"),
                        org.assertj.core.api.Assertions.tuple("/p", "running"),
                        org.assertj.core.api.Assertions.tuple("/b", "pending"));
        assertThat(client.deployments().find("other")).isEmpty();
    }

    @Test
    void weightsAreReplacedAsAWhole() {
        master.on("PUT /tide/v1/apps/a/weights", 422, "{\"message\":\"no version v9\"}");
        assertThatThrownBy(() -> client.apps().setWeights("/a", Map.of("v9", 1L)))
                .isInstanceOf(TideException.Refused.class).hasMessage("no version v9");
    }
}
