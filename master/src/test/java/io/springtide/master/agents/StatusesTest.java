package io.springtide.master.agents;

import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.StatusBatch;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.CheckResult.Kind;
import io.springtide.core.model.Health;
import io.springtide.core.model.PartStatus;
import io.springtide.core.model.Readiness;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class StatusesTest {

    private static io.springtide.core.model.InstanceStatus read(InstanceStatus.Builder status) {
        return Statuses.of(StatusBatch.newBuilder().addStatuses(status).build()).getFirst();
    }

    private static InstanceStatus.Builder running() {
        return InstanceStatus.newBuilder().setInstanceId(7).setCondition(Condition.RUNNING);
    }

    @Test
    void readsWhatAReadinessCheckWasAnswered() {
        assertThat(read(running()).readiness()).isEmpty();
        assertThat(read(running().setReadiness(ReadinessReport.newBuilder().setReady(true)
                .setHttpStatus(204).setContentType("text/plain").setBody("yes"))).readiness())
                .contains(new Readiness(true, 204, "text/plain", "yes"));
        assertThat(read(running().setReadiness(
                ReadinessReport.newBuilder().setContentType("x".repeat(5_000)))).readiness()
                .orElseThrow().contentType()).hasSize(200);
    }

    private static CheckResult answer(CheckReport.Builder report) {
        return read(running().setCheck(report)).check().orElseThrow();
    }

    @Test
    void readsWhatACheckWasAnswered() {
        assertThat(read(running()).check()).isEmpty();
        assertThat(answer(CheckReport.newBuilder().setHttpStatus(503)))
                .isEqualTo(new CheckResult(Kind.HTTP, 503));
        assertThat(answer(CheckReport.newBuilder().setTcpSucceeded(true)))
                .isEqualTo(new CheckResult(Kind.TCP, 1));
        assertThat(answer(CheckReport.newBuilder().setTcpSucceeded(false)))
                .isEqualTo(new CheckResult(Kind.TCP, 0));
        assertThat(answer(CheckReport.newBuilder().setExitCode(0)))
                .isEqualTo(new CheckResult(Kind.COMMAND, 0));
        assertThat(answer(CheckReport.newBuilder()))
                .isEqualTo(new CheckResult(Kind.UNANSWERED, 0));
    }

    @Test
    void readsOfWhatItWasThatEnded() {
        StatusBatch batch = StatusBatch.newBuilder()
                .addStatuses(running().setAppId("/a"))
                .addStatuses(InstanceStatus.newBuilder().setInstanceId(8)
                        .setCondition(Condition.FAILED).setAppId("/b").setOverlooked(true))
                .addStatuses(InstanceStatus.newBuilder().setInstanceId(9)
                        .setCondition(Condition.GONE))
                .addStatuses(InstanceStatus.newBuilder().setInstanceId(10)
                        .setCondition(Condition.KILLED).setAppId("no path"))
                .build();
        assertThat(Statuses.ends(batch)).containsExactly(new Statuses.End(8, "/b",
                io.springtide.core.model.Condition.FAILED, true));
    }

    @Test
    void readsTheContainersOfAPod() {
        assertThat(read(running()
                .addContainers(ContainerStatus.newBuilder().setName("web")
                        .setCondition(Condition.RUNNING)
                        .setHealth(HealthReport.newBuilder().setAlive(true)))
                .addContainers(ContainerStatus.newBuilder().setName("log")
                        .setCondition(Condition.FAILED).setExitCode(3).setMessage("gone"))
                .addContainers(ContainerStatus.newBuilder().setName("x".repeat(64))
                        .setCondition(Condition.RUNNING)))
                .parts()).containsExactly(
                        new PartStatus("web",
                                io.springtide.core.model.Condition.RUNNING, 0, "",
                                Health.ALIVE),
                        new PartStatus("log", io.springtide.core.model.Condition.FAILED,
                                3, "gone", Health.UNKNOWN));
    }
}
