package io.springtide.master.prefetch;

import io.springtide.core.elasticity.ScheduleWindow;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When something is fetched ahead of time, and for how many. */
class OccasionTest {

    private static final AppId APP = new AppId("/shop/web");
    private static final long MINUTE = 60_000;

    /** Begins with its ramp and its lead an hour and a half after the beginning of time. */
    private static final ScheduleWindow SALE = new ScheduleWindow("sale", 100 * MINUTE,
            200 * MINUTE, 20, 5 * MINUTE, 5 * MINUTE);

    private static Optional<Occasion> at(long minute, int there, ScheduleWindow... windows) {
        return Occasion.of(APP, List.of(windows), there, minute * MINUTE);
    }

    @Test
    void fromHalfAnHourBeforeItsRampBegins() {
        assertThat(at(59, 4, SALE)).isEmpty();
        assertThat(at(60, 4, SALE)).contains(
                new Occasion(APP, "sale", 90 * MINUTE, 100 * MINUTE, 16));
    }

    @Test
    void untilAllAreThereOrItIsOver() {
        assertThat(at(97, 19, SALE).orElseThrow().missing()).isOne();
        assertThat(at(97, 20, SALE)).isEmpty();
        assertThat(at(150, 12, SALE).orElseThrow().missing()).isEqualTo(8);
        assertThat(at(200, 12, SALE)).isEmpty();
    }

    @Test
    void ofSeveralTheFirstIsNamedAndTheLargestCounts() {
        ScheduleWindow more = new ScheduleWindow("more", 110 * MINUTE, 120 * MINUTE, 50, 0, 0);
        Occasion one = at(85, 4, more, SALE).orElseThrow();
        assertThat(one.schedule()).isEqualTo("sale");
        assertThat(one.missing()).isEqualTo(46);
        assertThat(at(85, 30, more, SALE).orElseThrow().schedule()).as("enough for the first")
                .isEqualTo("more");
    }

    @Test
    void theEarliestComesFirst() {
        Occasion late = new Occasion(APP, "a", 9, 9, 1);
        Occasion early = new Occasion(new AppId("/z"), "b", 8, 9, 1);
        assertThat(List.of(late, early).stream().sorted()).containsExactly(early, late);
    }
}
