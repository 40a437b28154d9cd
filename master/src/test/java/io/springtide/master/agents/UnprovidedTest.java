package io.springtide.master.agents;

import io.springtide.api.agent.TaskSpec;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.PodReader;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What nobody can provide is said, and never left out in silence. */
class UnprovidedTest {

    private static final ServerSettings ALL = new ServerSettings(
            Set.of(ServerSettings.SECRETS, ServerSettings.EXTERNAL_VOLUMES), "*",
            Optional.empty());

    @Test
    void anAppThatWantsASecretIsNotRunWithoutIt() {
        assertThat(app("""
                {"id":"/a","cmd":"run","env":{"KEY":{"secret":"k"}},"secrets":{"k":{"source":"/k"}}}
                """).getRefusal()).contains("secret").contains("KEY");
        assertThat(app("""
                {"id":"/a","cmd":"run"}""").getRefusal()).isEmpty();
    }

    @Test
    void anAppThatOwnsDataIsNotRunWithoutItsVolume() {
        assertThat(app("""
                {"id":"/a","cmd":"run","container":{"type":"MESOS","volumes":[
                 {"containerPath":"data","mode":"RW","persistent":{"size":10}}]},"role":"db",
                 "acceptedResourceRoles":["*"]}""", ALL.withMesosRole("db")).getRefusal())
                .contains("persistent volume data");
    }

    @Test
    void containersAndPlainProcessesAreNoPod() {
        String pod = """
                {"id":"/p","containers":[
                 {"name":"a","resources":{"cpus":0.1,"mem":8},"exec":{"command":{"shell":"run"}}},
                 {"name":"b","resources":{"cpus":0.1,"mem":8},"image":{"kind":"DOCKER","id":"i"}}]}
                """;
        assertThat(new PodTaskSpecs(new PodReader(ALL).read(json(pod)), version("/p"), CLUSTER)
                .write().getRefusal()).contains("image");
    }

    private static final String CLUSTER = "0123456789abcdef";

    private static TaskSpec.Builder app(String text) {
        return app(text, ALL);
    }

    private static TaskSpec.Builder app(String text, ServerSettings settings) {
        App app = new AppReader(settings).read(json(text));
        return new TaskSpecWriter(app, version("/a"), CLUSTER).write();
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        return JsonInput.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static AppVersion version(String id) {
        return new AppVersion(new AppSpec(new AppId(id), "{}", 1,
                new Shape(new Resources(100, 32, 0, 0), List.of(), RuntimeKind.PROCESS,
                        PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DISABLED, 3_000, false, List.of()), 1, 1, 1);
    }
}
