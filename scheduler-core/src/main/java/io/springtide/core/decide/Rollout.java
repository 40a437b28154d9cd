package io.springtide.core.decide;

import io.springtide.core.model.Rules;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;

/**
 * What an app needs next to become what is wanted: so many launches, these kills. Scaling up and down,
 * replacing old versions as their delivery says, making up for losses and for instances that fell ill are
 * all the same question. No instance is in two of the lists.
 *
 * @param launch how many instances may be launched now
 * @param surplus to be ended since there are too many
 * @param replaced to be ended in favour of newer ones
 * @param ill to be ended for their health
 * @param moved to be ended since their agents are being emptied
 * @param settled whether the app is just what is wanted
 */
public record Rollout(int launch, List<Instance> surplus, List<Instance> replaced,
        List<Instance> ill, List<Instance> moved, boolean settled) {

    /** Reads off the state what an app needs. */
    public static Rollout of(ClusterState state, AppState app) {
        return of(new Counted(state, app));
    }

    static Rollout of(Counted count) {
        if (count.app.leaving()) {
            return new Rollout(0, all(count), List.of(), List.of(), List.of(), false);
        }
        if (count.old.isEmpty()) {
            return level(count, count.fresh);
        }
        return count.course.halfway() ? level(count, all(count)) : roll(count);
    }

    private static List<Instance> all(Counted count) {
        List<Instance> all = new ArrayList<>(count.old);
        all.addAll(count.fresh);
        return all;
    }

    /**
     * Only the current configuration is there, or is all there will be: too few, too many, or right. Those
     * that are still ending take room as in a rolling change: an app that tolerates no extra instance gets
     * none. For one that has fallen ill a replacement comes first where an extra one is allowed, and it
     * ends when that is healthy. Where none is allowed, or has room, only a few are missing at a time.
     */
    private static Rollout level(Counted count, List<Instance> have) {
        AppState app = count.app;
        int wanted = app.wanted();
        boolean paused = count.course.paused();
        // What a policy decides is not held back by whoever holds a deployment.
        int limit = app.ownedByPolicy() ? wanted : app.rollout().limit();
        int keep = paused ? Math.max(wanted, limit) : wanted;
        List<Instance> ill = new ArrayList<>();
        List<Instance> moving = new ArrayList<>();
        for (Instance one : have) {
            if (count.ill(one)) {
                ill.add(one);
            } else if (count.moving(one)) {
                moving.add(one);
            }
        }
        List<Instance> sound = ill.isEmpty() && moving.isEmpty()
                ? have
                : have.stream().filter(one -> !count.ill(one) && !count.moving(one)).toList();
        int activeMax = moving.isEmpty()
                ? app.current().spec().upgrade().activeMax(wanted)
                : Drain.activeMax(app);
        int more = (paused ? Math.min(wanted, limit) : wanted) - have.size()
                + (count.storm() ? 0 : ill.size())
                + (paused ? 0 : Math.min(moving.size(), Drain.MOVES_AT_ONCE));
        int launch = Math.max(0, Math.min(more, activeMax - have.size() - count.ending));
        KillOrder order = new KillOrder(count.state, app);
        List<Instance> surplus = order.first(sound, sound.size() - keep);
        boolean settled = have.size() == wanted && count.freshGood == wanted && count.ending == 0;
        if (ill.isEmpty() && moving.isEmpty()) {
            return new Rollout(launch, surplus, List.of(), List.of(), List.of(), settled);
        }
        int soundKept = sound.size() - surplus.size();
        int healthy = Math.min(soundKept,
                (int) sound.stream().filter(count.state::healthy).count());
        List<Instance> moved = paused
                ? List.of()
                : Drain.ended(count, moving, soundKept, healthy, order);
        int staying = moving.size() - moved.size();
        soundKept += staying;
        healthy += (int) moving.stream()
                .filter(one -> !moved.contains(one) && count.state.healthy(one)).count();
        int over = Math.max(healthy + ill.size() - keep,
                soundKept + ill.size() - Math.max(keep, activeMax));
        if (over <= 0 && !count.storm() && (activeMax <= wanted || app.missing() > 0)) {
            int missing = count.illEnding + Math.max(0, wanted - have.size()) + soundKept - healthy;
            over = illAtOnce(app) - missing;
        }
        List<Instance> end = order.first(ill, over);
        if (count.storm()) {
            List<Instance> few = new ArrayList<>(surplus);
            few.addAll(end);
            return new Rollout(launch, few, List.of(), List.of(), moved, false);
        }
        return new Rollout(launch, surplus, List.of(), end, moved, settled && moved.isEmpty());
    }

    /** So many may be missing at a time because they were ended for their health: at least one. */
    private static int illAtOnce(AppState app) {
        int ppm = app.current().spec().shape().rules().disruptionPpm();
        return (int) Math.max(1, (long) app.wanted() * ppm / Rules.PPM);
    }

    /**
     * An older configuration is there too. Source: Marathon's TaskReplaceActor; unlike there,
     * instances that are still ending count towards the capacity, so that it is never exceeded. New ones
     * that fall ill end at once, for others serve.
     */
    private static Rollout roll(Counted count) {
        AppState app = count.app;
        Course course = count.course;
        int wanted = app.wanted();
        int active = count.active();
        Upgrade upgrade = app.current().spec().upgrade();
        int healthyMin = upgrade.healthyMin(wanted);
        int activeMax = upgrade.activeMax(wanted);
        if (healthyMin == activeMax) {
            // Neither fewer nor more: it could never begin.
            activeMax++;
        }
        if (app.rollout().stopFirst()) {
            healthyMin = Math.max(0, healthyMin - 1);
        }
        if (course.blueGreen()) {
            activeMax = Math.max(activeMax, wanted + count.old.size());
        }
        int freshMax = elastic(count)
                ? Math.max(course.freshMax(), wanted - count.old.size())
                : course.freshMax();
        int launch = Math.max(0, Math.min(freshMax - count.fresh.size(),
                activeMax - active - count.ending));
        List<Instance> ill = new ArrayList<>();
        List<Instance> sound = new ArrayList<>();
        count.fresh.forEach(one -> (!count.storm() && count.ill(one) ? ill : sound).add(one));
        KillOrder order = new KillOrder(count.state, app);
        if (elastic(count)) {
            Rollout shrunk = shrink(count, sound, ill, order);
            if (!shrunk.surplus.isEmpty() || !shrunk.replaced.isEmpty()) {
                return shrunk;
            }
        }
        List<Instance> surplus = course.paused()
                ? List.of()
                : order.first(sound, sound.size() - wanted);
        if (course.paused()) {
            return new Rollout(launch, surplus, List.of(), ill, List.of(), false);
        }
        List<Instance> replaced;
        if (course.blueGreen()) {
            boolean through = count.freshGood >= wanted && !course.byHand();
            replaced = through ? List.copyOf(count.old) : List.of();
        } else {
            replaced = replaced(count, order, healthyMin,
                    active - surplus.size() - ill.size());
        }
        return new Rollout(launch, surplus, replaced, ill, List.of(), false);
    }

    /**
     * A policy has the count, and the change is held somewhere: the count goes on moving. There are no more
     * of old ones, so that it grows by new ones, and what has grown so is what goes first.
     */
    private static boolean elastic(Counted count) {
        return count.app.ownedByPolicy() && !count.course.blueGreen()
                && (count.course.paused() || count.course.stage().isPresent());
    }

    /** Those beyond what the change needs go at once, and others once enough are healthy without them. */
    private static Rollout shrink(Counted count, List<Instance> fresh, List<Instance> ill,
            KillOrder order) {
        int wanted = count.app.wanted();
        int old = count.old.size();
        int freshOver = Math.max(0,
                fresh.size() - Math.max(count.course.freshMax(), wanted - old));
        int over = fresh.size() - freshOver + old - wanted;
        int healthy = Math.max(0, count.freshGood - freshOver) + count.oldHealthy;
        int oldOver = Math.max(old - wanted, Math.min(over, healthy - wanted));
        List<Instance> ended = order.first(count.old, oldOver);
        // Those that would be too many without any new one make room for nobody.
        int needless = Math.clamp(old - wanted, 0, ended.size());
        List<Instance> surplus = new ArrayList<>(order.first(fresh, freshOver));
        surplus.addAll(ended.subList(0, needless));
        return new Rollout(0, surplus, ended.subList(needless, ended.size()), ill, List.of(),
                false);
    }

    /** Ending an unhealthy one costs no health; ending a healthy one must leave enough of them. */
    private static List<Instance> replaced(Counted count, KillOrder order, int healthyMin,
            int active) {
        int unhealthyEnd = Math.max(0, active - healthyMin);
        int healthyEnd = Math.max(0, Math.min(count.freshGood, count.app.wanted())
                + count.oldHealthy - healthyMin);
        int most = count.old.size() - count.course.oldMin(count.fresh.size());
        List<Instance> replaced = new ArrayList<>();
        if (most <= 0 || (healthyEnd <= 0 && unhealthyEnd == 0)) {
            // Most of the time one waits for the new ones: who is first to go need not be worked out.
            return replaced;
        }
        for (Instance instance : order.first(count.old, count.old.size())) {
            if (replaced.size() >= most) {
                break;
            }
            if (count.serves(instance)) {
                if (healthyEnd > 0) {
                    healthyEnd--;
                    replaced.add(instance);
                }
            } else if (replaced.size() < unhealthyEnd) {
                replaced.add(instance);
            }
        }
        return replaced;
    }
}
