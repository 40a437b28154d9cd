package io.springtide.cloud.spi;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProvisionRequestTest {

    @Test
    void refusesARequestThatCannotBeRepeated() {
        assertThatThrownBy(
                () -> new ProvisionRequest(" ", "c", "agent", 1_000, 1_024, "site-a", Map.of()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token");
    }

    @Test
    void keepsItsLabelsWhateverHappensToTheCallersMap() {
        Map<String, String> labels = new HashMap<>(Map.of("env", "prod"));
        ProvisionRequest request = new ProvisionRequest("t", "c", "agent", 1_000, 1_024, "site-a",
                labels);
        labels.clear();
        assertThat(request.labels()).containsOnly(Map.entry("env", "prod"));
    }
}
