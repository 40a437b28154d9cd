package io.springtide.master.scaling;

import io.springtide.api.marathon.ScalingDefinition.Schedule;
import io.springtide.api.marathon.ScalingDefinition.ScheduleRules;
import io.springtide.api.marathon.Timestamps;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/**
 * Whether schedules can be read, and whether two of them ask for different counts at the same time within
 * the coming {@value #DAYS} days. May take a second for many of them.
 */
public final class ScheduleCheck implements ScheduleRules {

    /** A leap year, and a month. */
    static final int DAYS = 400;

    /** Separate times that are looked at of one schedule: each hour of the coming 400 days is half of them. */
    static final int SPANS_MAX = 20_000;

    private final long nowMs;

    public ScheduleCheck(long nowMs) {
        this.nowMs = nowMs;
    }

    /** When a schedule counts without a pause; {@code place} is its own. */
    private record Span(int place, Schedule schedule, long fromMs, long toMs) {}

    @Override
    public void check(SortedMap<Integer, Schedule> sound, BiConsumer<String, String> faults) {
        List<Span> spans = new ArrayList<>();
        sound.forEach((place, schedule) -> times(place, schedule, faults)
                .ifPresent(times -> spans.addAll(spans(place, schedule, times))));
        spans.sort(Comparator.comparingLong(Span::fromMs).thenComparingInt(Span::place));
        Set<List<Integer>> told = new HashSet<>();
        List<Span> open = new ArrayList<>();
        for (Span span : spans) {
            open.removeIf(one -> one.toMs() <= span.fromMs());
            for (Span other : open) {
                boolean later = other.place() < span.place();
                Span first = later ? other : span;
                Span second = later ? span : other;
                if (first.schedule().instances() != second.schedule().instances()
                        && told.add(List.of(first.place(), second.place()))) {
                    faults.accept(path(second.place()),
                            contradiction(first, second, span.fromMs()));
                }
            }
            open.add(span);
        }
    }

    private static String contradiction(Span first, Span second, long atMs) {
        return "contradicts schedule '" + first.schedule().name() + "' of "
                + path(first.place()).substring(1) + ": at " + Timestamps.format(atMs)
                + " one asks for " + first.schedule().instances() + " instances, the other for "
                + second.schedule().instances();
    }

    private static String path(int place) {
        return "/schedules(" + place + ")";
    }

    private static Optional<CronTimes> times(int place, Schedule schedule,
            BiConsumer<String, String> faults) {
        Optional<ZoneId> zone = Optional.empty();
        try {
            zone = Optional.of(CronTimes.zone(schedule.zone()));
        } catch (IllegalArgumentException unknown) {
            faults.accept(path(place) + "/zone", String.valueOf(unknown.getMessage()));
        }
        try {
            // A fault of the text is told even if the zone is wrong, too.
            CronTimes times = CronTimes.parse(schedule.cron(), zone.orElse(ZoneId.of("UTC")));
            return zone.map(known -> times);
        } catch (IllegalArgumentException broken) {
            faults.accept(path(place) + "/cron", String.valueOf(broken.getMessage()));
            return Optional.empty();
        }
    }

    private List<Span> spans(int place, Schedule schedule, CronTimes times) {
        long durationMs = schedule.durationSeconds() * 1_000L;
        List<Span> spans = new ArrayList<>();
        LocalDate first = Instant.ofEpochMilli(nowMs - durationMs).atZone(times.zone())
                .toLocalDate();
        LocalDate end = Instant.ofEpochMilli(nowMs).atZone(times.zone()).toLocalDate()
                .plusDays(DAYS);
        Optional<LocalDate> day = times.day(first);
        while (day.isPresent() && day.get().isBefore(end) && spans.size() < SPANS_MAX) {
            times.on(day.get()).forEach(fromMs -> add(spans, place, schedule, fromMs,
                    fromMs + durationMs));
            day = times.day(day.get().plusDays(1));
        }
        spans.removeIf(span -> span.toMs() <= nowMs);
        return spans;
    }

    /** What begins before the one before it has ended goes on with it. */
    private static void add(List<Span> spans, int place, Schedule schedule, long fromMs,
            long toMs) {
        if (!spans.isEmpty() && spans.getLast().toMs() >= fromMs) {
            Span before = spans.removeLast();
            spans.add(new Span(place, schedule, before.fromMs(), Math.max(before.toMs(), toMs)));
        } else {
            spans.add(new Span(place, schedule, fromMs, toMs));
        }
    }
}
