package io.springtide.master.scaling;

import io.springtide.core.elasticity.Schedule;
import io.springtide.core.elasticity.ScheduleWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** When the schedules of one policy count: what is on and what comes within an hour. One thread. */
final class Calendar {

    /** So long before it says anything a window is handed in. */
    static final long AHEAD_MS = 3_600_000;

    private final List<Page> pages = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** One schedule. Of its times only the last and the next matter: they say the most. */
    private static final class Page {

        final Schedule schedule;
        final CronTimes times;
        OptionalLong last = OptionalLong.empty();
        OptionalLong next = OptionalLong.empty();
        long readMs = Long.MAX_VALUE;

        Page(Schedule schedule, CronTimes times) {
            this.schedule = schedule;
            this.times = times;
        }

        void turnTo(long nowMs) {
            if (nowMs < readMs || (next.isPresent() && nowMs >= next.getAsLong())) {
                last = times.last(nowMs);
                next = times.next(nowMs);
                readMs = nowMs;
            }
        }
    }

    Calendar(List<Schedule> schedules) {
        for (Schedule schedule : schedules) {
            try {
                pages.add(new Page(schedule, CronTimes.parse(schedule.cron(),
                        CronTimes.zone(schedule.zone()))));
            } catch (IllegalArgumentException unreadable) {
                // Whoever has set it could read it: another release, with other time zones.
                faults.add("schedule " + schedule.name() + " does not count, since its cron text or"
                        + " zone " + unreadable.getMessage());
            }
        }
    }

    /** Sentences about schedules that cannot be read. */
    List<String> faults() {
        return faults;
    }

    /** At most two for each schedule. */
    List<ScheduleWindow> windows(long nowMs) {
        List<ScheduleWindow> windows = new ArrayList<>();
        for (Page page : pages) {
            page.turnTo(nowMs);
            page.last.ifPresent(fromMs -> {
                if (fromMs + page.schedule.durationMs() > nowMs) {
                    windows.add(ScheduleWindow.of(page.schedule, fromMs));
                }
            });
            page.next.ifPresent(fromMs -> {
                ScheduleWindow window = ScheduleWindow.of(page.schedule, fromMs);
                if (window.beginMs() - AHEAD_MS <= nowMs) {
                    windows.add(window);
                }
            });
        }
        return windows;
    }
}
