package io.springtide.api.marathon;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimestampsTest {

    @Test
    void writesMillisecondsAlways() {
        assertThat(Timestamps.format(0)).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(Timestamps.format(1_393_716_570_158L)).isEqualTo("2014-03-01T23:29:30.158Z");
    }

    @Test
    void writesEveryTimeAsTheJdkWould() {
        DateTimeFormatter format = DateTimeFormatter
                .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            long timeMs = random.nextLong(-100_000_000_000L, 260_000_000_000_000L);
            assertThat(Timestamps.format(timeMs))
                    .isEqualTo(format.format(Instant.ofEpochMilli(timeMs)));
        }
        assertThat(Timestamps.format(253_402_300_799_999L)).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    @Test
    void readsAnyOffset() {
        assertThat(Timestamps.parse("2014-03-01T23:29:30.158Z")).isEqualTo(1_393_716_570_158L);
        assertThat(Timestamps.parse("2014-03-02T00:29:30.158+01:00")).isEqualTo(1_393_716_570_158L);
        assertThat(Timestamps.parse("2014-03-01T23:29:30Z")).isEqualTo(1_393_716_570_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2014-03-01", "2014-13-01T00:00:00.000Z",
            "+999999999-12-31T23:59:59Z"})
    void saysWhatItWants(String text) {
        MarathonError error = Fixtures.refusal(() -> Timestamps.parse(text));
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.message()).isEqualTo(
                "Invalid timestamp provided '" + text + "'. Expecting ISO-8601 datetime string.");
    }
}
