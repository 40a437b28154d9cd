package io.springtide.agent.fetch;

import io.springtide.api.agent.Artifact;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FetcherTest {

    @Test
    void repeatsNoSecretOfAnAddressThatIsNone(@TempDir Path sandbox) {
        Artifact broken = Artifact.newBuilder()
                .setUri("http://shop:pass word@store/data.bin?signature=top secret").build();
        Optional<String> problem = Fetcher.standard().fetchAll(List.of(broken), sandbox,
                () -> false);
        assertThat(problem).hasValueSatisfying(sentence -> assertThat(sentence)
                .contains("http://store/data.bin", "no address", "at character 16")
                .doesNotContain("pass", "secret"));
    }
}
