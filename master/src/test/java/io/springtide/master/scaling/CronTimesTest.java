package io.springtide.master.scaling;

import io.springtide.api.marathon.ScalingDefinition.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CronTimesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static long ms(String text) {
        return ZonedDateTime.parse(text).toInstant().toEpochMilli();
    }

    private static List<String> next(String cron, String from, int count) {
        CronTimes times = CronTimes.parse(cron, BERLIN);
        long at = ms(from);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long before = at;
            at = times.next(before).orElseThrow();
            assertThat(times.last(at)).hasValue(at);
            assertThat(times.last(at - 1).getAsLong()).isLessThanOrEqualTo(before);
            found.add(Instant.ofEpochMilli(at).atZone(BERLIN).toOffsetDateTime().toString());
        }
        return found;
    }

    @Test
    void aTimeThatTheClocksSkipCountsAsMuchLater() {
        assertThat(next("30 2 * * *", "2026-03-28T12:00+01:00", 2))
                .containsExactly("2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00");
    }

    @Test
    void aTimeThatTheClocksShowTwiceCountsOnce() {
        assertThat(next("30 2 * * *", "2026-10-24T12:00+02:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
    }

    @Test
    void everyHourIsEveryHourThatPasses() {
        assertThat(next("0 * * * *", "2026-03-29T00:30+01:00", 3)).containsExactly(
                "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
        assertThat(next("0 * * * *", "2026-10-25T01:30+02:00", 3)).containsExactly(
                "2026-10-25T02:00+02:00", "2026-10-25T02:00+01:00", "2026-10-25T03:00+01:00");
    }

    @Test
    void theWallClockHolds() {
        assertThat(next("0 9 * * 1-5", "2026-03-27T12:00+01:00", 2))
                .containsExactly("2026-03-30T09:00+02:00", "2026-03-31T09:00+02:00");
        assertThat(next("0 9 29 2 *", "2026-03-27T12:00+01:00", 1))
                .containsExactly("2028-02-29T09:00+01:00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"61 * * * *|not in range", "* * * *|five fields",
            "0 0 30 2 *|no such day", "a b c d e|is no cron text", "@daily|five fields",
            "0 9 * * *; rm|five fields"})
    void refusesWhatIsNoCronText(String text, String why) {
        assertThatThrownBy(() -> CronTimes.parse(text, BERLIN))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    private static List<String> faults(Schedule... schedules) {
        TreeMap<Integer, Schedule> sound = new TreeMap<>();
        IntStream.range(0, schedules.length).forEach(i -> sound.put(i, schedules[i]));
        List<String> faults = new ArrayList<>();
        new ScheduleCheck(ms("2026-11-21T12:00Z")).check(sound,
                (path, fault) -> faults.add(path + " " + fault));
        return faults;
    }

    private static Schedule schedule(String name, String cron, String zone, int instances,
            int seconds) {
        return new Schedule(name, cron, zone, instances, seconds, 0, 0);
    }

    @Test
    void findsSchedulesThatAskForDifferentCountsAtTheSameTime() {
        assertThat(faults(schedule("day", "0 9 * * 1-5", "Europe/Berlin", 20, 28_800),
                schedule("sale", "0 8 11 12 *", "UTC", 90, 600),
                schedule("night", "0 17 * * 1-5", "Europe/Berlin", 3, 3_600)))
                .containsExactly("/schedules(1) contradicts schedule 'day' of schedules(0): at "
                        + "2026-12-11T08:00:00.000Z one asks for 20 instances, the other for 90");
    }

    @Test
    void theSameCountIsNoContradiction() {
        assertThat(faults(schedule("a", "0 9 * * *", "UTC", 20, 3_600),
                schedule("b", "30 9 * * *", "UTC", 20, 3_600))).isEmpty();
    }

    /** Half the year the two are an hour apart, the other half they meet. */
    @Test
    void contradictionsThatOnlySummerBringsAreFound() {
        assertThat(faults(schedule("a", "0 8 * * *", "UTC", 20, 3_600),
                schedule("b", "0 10 * * *", "Europe/Berlin", 30, 3_600)))
                .singleElement().asString().contains("at 2027-03-28T08:00:00.000Z");
    }

    @Test
    void tellsBothFaultsOfOneSchedule() {
        assertThat(faults(schedule("a", "0 25 * * *", "Europe/Berlyn", 20, 3_600)))
                .hasSize(2).anyMatch(one -> one.startsWith("/schedules(0)/zone is no time zone"))
                .anyMatch(one -> one.startsWith("/schedules(0)/cron is no cron text"));
    }
}
