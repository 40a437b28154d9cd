package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.api.agent.TaskSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** When streams are opened, with starts and a clock of the test's own. */
class OutputQueueTest {

    private final List<Long> opened = new ArrayList<>();
    private final Queue<Runnable> soon = new ArrayDeque<>();
    private boolean startsWait;
    private Duration now = Duration.ZERO;
    private final OutputQueue queue = new OutputQueue(() -> startsWait, () -> now.toNanos(),
            soon::add, held -> opened.add(held.id()));

    private static Held held(long instance) {
        return new Held(new Task(instance, "task-" + instance, TaskSpec.getDefaultInstance(),
                List.of(), Map.of(), Path.of("nowhere")), new Heard(), Held.Phase.LAUNCHING);
    }

    private void look() {
        soon.remove().run();
    }

    @Test
    void aSingleStartIsFollowedAtOnce() {
        queue.follow(held(1));
        assertThat(opened).containsExactly(1L);
        assertThat(soon).isEmpty();
    }

    @Test
    void inABurstStartsComeFirst() {
        startsWait = true;
        queue.follow(held(1));
        queue.follow(held(2));
        assertThat(soon).as("one look for all").hasSize(1);
        look();
        assertThat(opened).isEmpty();
        startsWait = false;
        look();
        assertThat(opened).containsExactly(1L, 2L);
        assertThat(soon).isEmpty();
    }

    @Test
    void nobodyWaitsLongerThanTenSeconds() {
        startsWait = true;
        queue.follow(held(1));
        now = Duration.ofSeconds(4);
        queue.follow(held(2));
        now = Duration.ofMillis(9_999);
        look();
        assertThat(opened).isEmpty();
        now = Duration.ofSeconds(10);
        look();
        assertThat(opened).containsExactly(1L);
        now = Duration.ofSeconds(14);
        look();
        assertThat(opened).containsExactly(1L, 2L);
    }

    @Test
    void whatHasEndedMeanwhileIsNotOpenedAgain() {
        startsWait = true;
        Held ended = held(1);
        queue.follow(ended);
        queue.follow(held(2));
        ended.tellEnded(new Ending.Exited(0, ""));
        startsWait = false;
        look();
        assertThat(opened).containsExactly(2L);
    }
}
