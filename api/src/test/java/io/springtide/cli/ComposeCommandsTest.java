package io.springtide.cli;

import io.springtide.api.client.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ComposeCommandsTest {
    private static final String WHOLE = "?embed=group.groups&embed=group.apps&embed=group.pods"
            + "&embed=group.apps.counts&embed=group.apps.deployments";

    private final FakeMaster master = new FakeMaster();

    @TempDir
    private Path folder;

    private String file = "";

    @BeforeEach
    void write() throws Exception {
        Path shop = Files.createDirectory(folder.resolve("shop"));
        file = Files.writeString(shop.resolve("docker-compose.yml"), """
                services:
                  web:
                    image: nginx:${TAG}
                    ports: ["8080:80"]
                    deploy: {replicas: 2, resources: {limits: {cpus: "0.1", memory: 32m}}}
                """).toString();
        Files.writeString(shop.resolve(".env"), "TAG=1.27\n");
    }

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void convertPrintsTheGroupAndNeedsNoMaster() {
        Session session = Session.with(Map.of(), "", "compose", "convert", file);
        assertThat(session.code()).isZero();
        assertThat(JsonText.parse(session.out()).toString()).isEqualTo("{\"id\":\"/shop\","
                + "\"apps\":[{\"id\":\"/shop/web\",\"instances\":2,\"cpus\":0.1,\"mem\":32,"
                + "\"resourceLimits\":{\"cpus\":0.1},\"container\":{\"type\":\"DOCKER\","
                + "\"docker\":{\"image\":\"nginx:1.27\"},\"portMappings\":[{\"containerPort\":80,"
                + "\"hostPort\":0,\"servicePort\":8080,\"protocol\":\"tcp\"}]},"
                + "\"networks\":[{\"mode\":\"container/bridge\"}]}]}");
        assertThat(session.err()).startsWith("warning: services.web.ports: ");
        assertThat(Session.with(Map.of("TAG", "2"), "", "compose", "convert", file, "-p", "x")
                .out()).contains("nginx:2", "\"/x/web\"");
        assertThat(Session.with(Map.of("COMPOSE_PROJECT_NAME", "y"), "", "compose", "convert",
                file).out()).contains("\"/y/web\"");
        assertThat(Session.with(Map.of(), "name: in\nservices: {a: {image: b}}", "compose",
                "convert", "-").out()).contains("\"/in/a\"");
    }

    @Test
    void upAppliesTheGroup() {
        master.on("PUT /v2/groups/shop", 201, "{\"deploymentId\":\"d-1\"}");
        Session session = Session.run(master.url(), "compose", "up", file, "--detach");
        assertThat(session.out()).isEqualTo("d-1\n");
        assertThat(master.requests()).anyMatch(
                request -> request.startsWith("PUT /v2/groups/shop {\"id\":\"/shop\",\"apps\":[{"));
    }

    @Test
    void upNeverRemovesWhatTheFileDoesNotNameUnasked() {
        master.on("GET /v2/groups/shop" + WHOLE, 200,
                "{\"id\":\"/shop\",\"apps\":[{\"id\":\"/shop/web\"},{\"id\":\"/shop/old\"}]}")
                .on("PUT /v2/groups/shop", 200, "{\"deploymentId\":\"d-1\"}");
        Session refused = Session.run(master.url(), "compose", "up", file);
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("/shop/old", "--remove-orphans");
        assertThat(master.requests()).noneMatch(request -> request.startsWith("PUT"));
        assertThat(Session.run(master.url(), "compose", "up", file, "--remove-orphans",
                "--detach").code()).isZero();
    }

    @Test
    void upTellsEveryMistake() throws Exception {
        Files.writeString(Path.of(file), "services: {web: {build: .}, db: {image: pg, "
                + "volumes: ['data:/d']}}");
        Session session = Session.run(master.url(), "compose", "up", file);
        assertThat(session.code()).isEqualTo(7);
        assertThat(session.err()).contains("cannot be run here:\n  services.web.build: images are "
                + "not built here; build and push it, then name it in image\n"
                + "  services.db.volumes[0]: the named volume 'data'");
        assertThat(master.requests()).isEmpty();
        Files.writeString(Path.of(file), "services: [");
        assertThat(Session.run(master.url(), "compose", "up", file).err())
                .contains("is not YAML", "line 1");
        assertThat(Session.run(master.url(), "compose", "up", file + "x").code()).isEqualTo(3);
    }

    @Test
    void psAndDownGoByTheProject() {
        master.on("GET /v2/groups/shop" + WHOLE, 200,
                "{\"id\":\"/shop\",\"apps\":[{\"id\":\"/shop/web\",\"instances\":2,"
                        + "\"tasksRunning\":1,\"container\":{\"docker\":{\"image\":\"nginx\"},"
                        + "\"portMappings\":[{\"containerPort\":80,\"servicePort\":8080}]}}]}")
                .on("DELETE /v2/groups/shop", 200, "{\"deploymentId\":\"d-1\"}");
        assertThat(Session.run(master.url(), "compose", "ps", "-p", "shop").out())
                .isEqualTo("""
                        SERVICE  RUNNING  STATUS   IMAGE  PORTS
                        web          1/2  waiting  nginx  8080->80/tcp
                        """);
        assertThat(Session.run(master.url(), "compose", "ps", file, "-q").out())
                .isEqualTo("/shop/web\n");
        assertThat(Session.run(master.url(), "compose", "down", "--project", "shop", "--detach")
                .out()).isEqualTo("d-1\n");
        assertThat(Session.run(master.url(), "compose", "down", "--project", "/").code())
                .isEqualTo(2);
    }
}
