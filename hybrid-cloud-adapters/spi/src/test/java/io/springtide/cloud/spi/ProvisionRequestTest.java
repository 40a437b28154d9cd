package io.springtide.cloud.spi;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProvisionRequestTest {

    private static final ProvisionRequest.Size SIZE = new ProvisionRequest.Size(1_000, 1_024, 0,
            0);

    @Test
    void refusesARequestThatCannotBeRepeated() {
        assertThatThrownBy(
                () -> new ProvisionRequest(" ", "c", "agent", SIZE, "site-a", "", Map.of(),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token");
    }

    @Test
    void refusesAMachineWithoutMemory() {
        assertThatThrownBy(() -> new ProvisionRequest.Size(1_000, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("memory");
    }

    @Test
    void keepsItsLabelsWhateverHappensToTheCallersMap() {
        Map<String, String> labels = new HashMap<>(Map.of("env", "prod"));
        ProvisionRequest request = new ProvisionRequest("t", "c", "agent", SIZE, "site-a", "",
                Map.of("machine", "t"), labels);
        labels.clear();
        assertThat(request.labels()).containsOnly(Map.entry("env", "prod"));
    }
}
