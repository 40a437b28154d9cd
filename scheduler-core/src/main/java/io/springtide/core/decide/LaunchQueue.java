package io.springtide.core.decide;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whose turn it is among apps of one class: first roles that lack what they are guaranteed, then by
 * weighted dominant share; within a role who has waited longest, then by id. Looks at the shares anew
 * after every turn; a turn is as long as it takes to let another role go first.
 */
final class LaunchQueue {

    /** So many turns a class at most, since each looks at all agents. */
    private static final int TURNS_MAX = 64;

    static final Comparator<Waiting> BY_AGE = Comparator
            .<Waiting>comparingLong(waiting -> waiting.app.waitingSinceMs())
            .thenComparing(waiting -> waiting.app.id());

    private final Quota quota;
    private final TreeMap<String, ArrayDeque<Waiting>> roles = new TreeMap<>();
    private final int turnMin;

    /** So many instances of one app are next. */
    record Turn(Waiting waiting, int count) {}

    LaunchQueue(List<Waiting> ofOneClass, Quota quota) {
        this.quota = quota;
        long launches = 0;
        for (Waiting waiting : ofOneClass.stream().sorted(BY_AGE).toList()) {
            roles.computeIfAbsent(waiting.rules().role(), unused -> new ArrayDeque<>())
                    .add(waiting);
            launches += waiting.launch;
        }
        // Where room is scarce turns are short, for then they decide who gets it.
        long room = roles.size() < 2
                ? launches
                : ofOneClass.stream().mapToLong(one -> quota.room(one.shape())).max().orElse(0);
        this.turnMin = (int) ((Math.min(launches, room) + TURNS_MAX - 1) / TURNS_MAX);
    }

    /** Highest priority first; within a priority what is not best effort first; standbys last. */
    static List<List<Waiting>> classes(List<Waiting> waiting) {
        TreeMap<Integer, List<Waiting>> classes = new TreeMap<>();
        for (Waiting one : waiting) {
            int key = one.standby
                    ? Integer.MAX_VALUE
                    : -2 * one.rules().priority() + (one.bestEffort() ? 1 : 0);
            classes.computeIfAbsent(key, unused -> new ArrayList<>()).add(one);
        }
        return List.copyOf(classes.values());
    }

    /** Everybody, in the order in which they would be next as things stand. */
    static List<Waiting> standing(List<Waiting> ofOneClass, Quota quota) {
        return ofOneClass.stream().sorted(Comparator
                .<Waiting, Boolean>comparing(waiting -> !quota.guaranteed(waiting.shape()))
                .thenComparingLong(waiting -> quota.share(waiting.shape()))
                .thenComparing(waiting -> waiting.rules().role()).thenComparing(BY_AGE)).toList();
    }

    /** Who is next; empty once nobody is left. */
    Optional<Turn> next() {
        if (roles.isEmpty()) {
            return Optional.empty();
        }
        if (roles.size() == 1) {
            Waiting waiting = roles.firstEntry().getValue().element();
            return Optional.of(new Turn(waiting, waiting.launch));
        }
        List<Waiting> heads = standing(
                roles.values().stream().map(ArrayDeque::element).toList(), quota);
        Waiting first = heads.getFirst();
        int count = quota.guaranteed(first.shape())
                ? quota.untilGuaranteed(first.shape(), first.launch)
                : quota.untilAbove(first.shape(), first.launch,
                        quota.share(heads.get(1).shape()));
        return Optional.of(new Turn(first, Math.min(first.launch, Math.max(count, turnMin))));
    }

    /** It has got all it can get in this round. */
    void done(Waiting waiting) {
        String role = waiting.rules().role();
        ArrayDeque<Waiting> line = roles.get(role);
        if (line != null) {
            line.remove(waiting);
            if (line.isEmpty()) {
                roles.remove(role);
            }
        }
    }
}
