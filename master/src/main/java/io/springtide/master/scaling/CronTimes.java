package io.springtide.master.scaling;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * The times of a cron text of five fields in a time zone. Days and times of day are read on a clock that
 * is never put forward or back, and only then looked up in the zone: so a time of day that the clocks
 * skip counts as much later as they are put forward, and one that they show twice counts the first time.
 * Where every hour is named, a skipped one is left out and a repeated one counts twice. Immutable.
 */
final class CronTimes {

    private static final CronParser PARSER = new CronParser(
            CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    private static final int FIELDS = 5;
    private static final int HOURS = 24;
    private static final int MINUTES = 60;

    /** More days in a row than that have no time only by the end of all times. */
    private static final int EMPTY_DAYS_MAX = 4;

    private static final ZonedDateTime A_DAY = ZonedDateTime.of(2001, 1, 1, 0, 0, 0, 0,
            ZoneOffset.UTC);

    private final ZoneId zone;
    private final ExecutionTime days;
    private final int[] minutes;
    private final boolean everyHour;

    private CronTimes(ZoneId zone, ExecutionTime days, int[] minutes) {
        this.zone = zone;
        this.days = days;
        this.minutes = minutes;
        this.everyHour = Arrays.stream(minutes).map(minute -> minute / MINUTES).distinct()
                .count() == HOURS;
    }

    /**
     * Reads a zone.
     *
     * @throws IllegalArgumentException if there is none of that name, with a sentence
     */
    static ZoneId zone(String text) {
        try {
            return ZoneId.of(text.trim());
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "is no time zone; they are written as Asia/Shanghai, Europe/Berlin, UTC",
                    unknown);
        }
    }

    /**
     * Reads a cron text.
     *
     * @throws IllegalArgumentException if it is none, or names no time at all, with a sentence
     */
    static CronTimes parse(String text, ZoneId zone) {
        String[] fields = text.trim().split("\\s+", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("must have five fields: minute, hour, day of month,"
                    + " month, day of week, as in '0 9 * * 1-5'");
        }
        try {
            parse(text.trim());
            CronTimes times = new CronTimes(zone,
                    parse("0 0 " + fields[2] + " " + fields[3] + " " + fields[4]),
                    minutes(parse(fields[0] + " " + fields[1] + " * * *")));
            if (times.day(LocalDate.of(2000, 1, 1)).isEmpty()) {
                throw new IllegalArgumentException("there is no such day");
            }
            return times;
        } catch (IllegalArgumentException broken) {
            String why = String.valueOf(broken.getMessage())
                    .replaceFirst("^Failed to parse cron expression\\. ?", "");
            throw new IllegalArgumentException("is no cron text: " + why, broken);
        }
    }

    private static ExecutionTime parse(String text) {
        Cron cron = PARSER.parse(text);
        return ExecutionTime.forCron(cron.validate());
    }

    private static int[] minutes(ExecutionTime times) {
        int[] found = new int[HOURS * MINUTES];
        int count = 0;
        Optional<ZonedDateTime> next = times.nextExecution(A_DAY.minusMinutes(1));
        while (next.isPresent() && next.get().isBefore(A_DAY.plusDays(1))) {
            found[count++] = next.get().getHour() * MINUTES + next.get().getMinute();
            next = times.nextExecution(next.get());
        }
        return Arrays.copyOf(found, count);
    }

    ZoneId zone() {
        return zone;
    }

    /** The first time after another; empty if there is none any more. */
    OptionalLong next(long afterMs) {
        // What the clocks have moved may belong to the day before.
        LocalDate day = date(afterMs).minusDays(1);
        for (int i = 0; i < EMPTY_DAYS_MAX; i++) {
            Optional<LocalDate> found = day(day);
            if (found.isEmpty()) {
                return OptionalLong.empty();
            }
            OptionalLong first = on(found.get()).filter(ms -> ms > afterMs).findFirst();
            if (first.isPresent()) {
                return first;
            }
            day = found.get().plusDays(1);
        }
        return OptionalLong.empty();
    }

    /** The last time that is not after another; empty if there was none. */
    OptionalLong last(long atMs) {
        LocalDate day = date(atMs).plusDays(1);
        for (int i = 0; i < EMPTY_DAYS_MAX; i++) {
            Optional<LocalDate> found = days
                    .lastExecution(day.atTime(0, 1).atZone(ZoneOffset.UTC))
                    .map(ZonedDateTime::toLocalDate);
            if (found.isEmpty()) {
                return OptionalLong.empty();
            }
            OptionalLong last = on(found.get()).filter(ms -> ms <= atMs).max();
            if (last.isPresent()) {
                return last;
            }
            day = found.get().minusDays(1);
        }
        return OptionalLong.empty();
    }

    private LocalDate date(long ms) {
        return Instant.ofEpochMilli(ms).atZone(zone).toLocalDate();
    }

    /** The first day with times that is not before another. */
    Optional<LocalDate> day(LocalDate notBefore) {
        return days.nextExecution(notBefore.atStartOfDay(ZoneOffset.UTC).minusMinutes(1))
                .map(ZonedDateTime::toLocalDate);
    }

    /** The times of a day that has some, in order. */
    LongStream on(LocalDate day) {
        ZoneRules rules = zone.getRules();
        return Arrays.stream(minutes)
                .mapToObj(minute -> day.atTime(minute / MINUTES, minute % MINUTES))
                .flatMapToLong(local -> moments(local, rules)).sorted().distinct();
    }

    private LongStream moments(LocalDateTime local, ZoneRules rules) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            return everyHour
                    ? LongStream.empty()
                    : LongStream.of(ms(local, rules.getTransition(local).getOffsetBefore()));
        }
        return everyHour && offsets.size() > 1
                ? offsets.stream().mapToLong(offset -> ms(local, offset))
                : LongStream.of(ms(local, offsets.getFirst()));
    }

    private static long ms(LocalDateTime local, ZoneOffset offset) {
        return local.toInstant(offset).toEpochMilli();
    }
}
