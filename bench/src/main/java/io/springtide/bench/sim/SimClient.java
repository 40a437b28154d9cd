package io.springtide.bench.sim;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import io.springtide.master.ring.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whoever owns one app: asks for one change at a time and remembers what he was promised, and what may have
 * happened although nobody could tell him.
 */
final class SimClient {

    private static final long PATIENCE_NANOS = 10 * Timeline.SECOND;
    /** Longer than any master is stopped. */
    private static final long DOUBT_NANOS = 120 * Timeline.SECOND;
    private static final int FLASH_CHANGES = 15;

    final Actor actor;
    private final World world;
    private final SimApps app;
    private final Dice dice;
    private final Promises<Wanted> promises = new Promises<>(Wanted.NOTHING);
    private int configuration;
    private int flash;
    private int plans;
    private long doubtUntilNanos;
    private boolean asking;
    private boolean done;
    private int acknowledged;

    /** How the app may be. */
    private record Wanted(boolean there, int configuration, int instances) {

        static final Wanted NOTHING = new Wanted(false, 0, 0);

        boolean is(Optional<AppState> state) {
            if (!there) {
                return state.isEmpty() || state.get().leaving();
            }
            return state.isPresent() && !state.get().leaving()
                    && state.get().latest().spec().instances() == instances
                    && SimApps.is(state.get().latest().spec(), configuration);
        }
    }

    SimClient(World world, SimApps app, Actor actor) {
        this.world = world;
        this.app = app;
        this.actor = actor;
        this.dice = world.dice().split();
    }

    void start() {
        int mine = ++plans;
        world.timeline().after(dice.within(Timeline.SECOND, 8 * Timeline.SECOND), actor, () -> {
            if (mine == plans) {
                ask();
            }
        });
    }

    /** Asks for much at once. */
    void flash() {
        flash = FLASH_CHANGES;
        if (!asking) {
            pause();
        }
    }

    /** Asks for nothing more; the app is to be there in the end. */
    void finish() {
        done = true;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** What was asked for may still happen; not after this time. */
    private void doubt() {
        doubtUntilNanos = world.timeline().nowNanos() + DOUBT_NANOS;
    }

    private void pause() {
        long meanMs = flash > 0 ? 100 : world.options().clientPauseMsMean();
        flash = Math.max(0, flash - 1);
        asking = false;
        int mine = ++plans;
        world.timeline().after(dice.latency(meanMs * Timeline.MS), actor, () -> {
            if (mine == plans) {
                ask();
            }
        });
    }

    private void ask() {
        if (done) {
            return;
        }
        List<SimMaster> leading = world.masters().stream().filter(SimMaster::leads).toList();
        if (leading.isEmpty()) {
            pause();
            return;
        }
        asking = true;
        SimMaster master = leading.get(dice.within(0, leading.size()));
        Change change = change();
        boolean news = promises.ask(change.then());
        boolean[] over = new boolean[1];
        master.actorDoes(() -> {
            var unused = master.submit(change.command()).whenComplete((outcome, failure) -> world
                    .timeline().after(world.network().latency(), actor, () -> {
                        if (!over[0]) {
                            over[0] = true;
                            heard(change, news, outcome);
                        }
                    }));
        });
        world.timeline().after(PATIENCE_NANOS, actor, () -> {
            if (!over[0]) {
                over[0] = true;
                doubt();
                pause();
            }
        });
    }

    /**
     * A command, and how the app is once it is carried out.
     *
     * @param settles whether it is so whatever it was before
     * @param versionMs which version it must leave in place, if it only repeats what was promised
     */
    private record Change(Command command, Wanted then, boolean settles,
            OptionalLong versionMs) {

        Change(Command command, Wanted then, boolean settles) {
            this(command, then, settles, OptionalLong.empty());
        }
    }

    private Change change() {
        Wanted newest = promises.newest();
        int drawn = dice.within(0, 100);
        boolean force = dice.percent(50);
        if (!newest.there() || drawn < 35) {
            configuration++;
            return submit(new Wanted(true, configuration,
                    newest.there() ? newest.instances() : count()), force);
        }
        if (drawn < 45 && promises.certain()
                && world.timeline().nowNanos() > doubtUntilNanos) {
            Change again = submit(newest, force);
            return new Change(again.command(), newest, true, versionMs());
        }
        if (drawn < 75) {
            return submit(new Wanted(true, newest.configuration(), count()), force);
        }
        if (drawn < 85) {
            return new Change(new Command.RestartApp(app.id, force), newest, false);
        }
        if (drawn < 95) {
            return new Change(new Command.KillInstances(some(), false, force), newest, false);
        }
        return new Change(new Command.DeleteApp(app.id), Wanted.NOTHING, true);
    }

    private OptionalLong versionMs() {
        return world.oracle().truth().app(app.id)
                .map(state -> OptionalLong.of(state.latest().versionMs()))
                .orElse(OptionalLong.empty());
    }

    /** What was promised already was asked for again. */
    private void checkOnce(Change change) {
        if (change.versionMs().isPresent() && !world.wiped()) {
            world.oracle().checked(Invariant.ONCE);
            if (!versionMs().equals(change.versionMs())) {
                world.oracle().fail(Invariant.ONCE, app.id + " had version " + change.versionMs()
                        + ", and the same asked for again made version " + versionMs());
            }
        }
    }

    private Change submit(Wanted then, boolean force) {
        return new Change(new Command.SubmitApps(List.of(new Command.AppChange(
                app.spec(then.configuration(), then.instances()), Command.AppChange.ANY)), force),
                then, true);
    }

    private int count() {
        return dice.within(0, app.instancesMax + 1);
    }

    private List<Long> some() {
        List<Long> numbers = new ArrayList<>();
        world.oracle().truth().app(app.id).ifPresent(state -> {
            for (int i = 0; i < state.instances().size(); i++) {
                Instance one = state.instances().get(i);
                if (dice.percent(20)) {
                    numbers.add(one.number());
                }
            }
        });
        return numbers;
    }

    private void heard(Change change, boolean news, Outcome outcome) {
        switch (outcome) {
            case Outcome.Decided(Answer answer) -> {
                if (answer instanceof Answer.Refused) {
                    promises.refuse(change.then(), news);
                } else {
                    acknowledged++;
                    checkOnce(change);
                    if (change.settles()) {
                        promises.keep(change.then());
                    }
                    check();
                }
            }
            case Outcome.Busy() -> promises.refuse(change.then(), news);
            case Outcome.Stopped(String why) -> doubt();
        }
        pause();
    }

    /** What was promised is so, or what may have happened since. */
    void check() {
        if (world.wiped()) {
            return;
        }
        Optional<AppState> state = world.oracle().truth().app(app.id);
        world.oracle().checked(Invariant.ACKNOWLEDGED);
        if (!promises.allow(one -> one.is(state))) {
            world.oracle().fail(Invariant.ACKNOWLEDGED, app.id + " is "
                    + state.map(SimClient::shown).orElse("not there") + ", but was promised as "
                    + promises);
        }
    }

    private static String shown(AppState state) {
        return state.latest().spec().instances() + " instances of "
                + state.latest().spec().definition() + (state.leaving() ? ", leaving" : "");
    }
}
