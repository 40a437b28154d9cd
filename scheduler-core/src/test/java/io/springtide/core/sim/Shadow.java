package io.springtide.core.sim;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A core that took over from a snapshot and must go on like the one that never stopped. One thing may
 * differ: it tries anew what the other knows to be hopeless, and so may say again, or anew, why
 * something waits ({@link Event.PlacementDeferred}). The clock of the sweep for hanging launches also
 * starts over; callers tick no more often than it sweeps.
 */
final class Shadow {

    private final SchedulerCore core;

    Shadow(byte[] snapshot, CoreSettings settings) {
        core = new SchedulerCore(StateSnapshot.decode(snapshot), settings);
    }

    void ask(Command command, long nowMs, Decision expected) {
        Decision decision = core.decide(command, nowMs);
        decision.events().forEach(core::apply);
        compare(command, expected.events(), decision.events());
        Invariants.require(decision.answer().equals(expected.answer()),
                "the restored core answers " + decision.answer() + " to " + command
                        + " instead of " + expected.answer());
    }

    void settle(long nowMs, List<Event> expected) {
        List<Event> all = new ArrayList<>();
        List<Event> events;
        do {
            events = core.decide(new Command.Settle(), nowMs).events();
            events.forEach(core::apply);
            all.addAll(events);
        } while (!events.isEmpty());
        compare(new Command.Settle(), expected, all);
    }

    private static void compare(Command command, List<Event> expected, List<Event> actual) {
        List<Event> left = weighty(expected);
        List<Event> right = weighty(actual);
        Invariants.require(Arrays.equals(Cluster.bytes(left), Cluster.bytes(right)),
                "after " + command + " the restored core decides " + right + " instead of "
                        + left);
    }

    private static List<Event> weighty(List<Event> events) {
        return events.stream().filter(event -> !(event instanceof Event.PlacementDeferred))
                .toList();
    }
}
