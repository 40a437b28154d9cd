package io.springtide.bench.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the masters have accepted, so that it can be held against what is there in the end. A change without
 * an answer may have taken effect or not, and both are right. Any thread.
 */
final class Promises {

    /** Of an app: what was accepted last, and what was asked for since without an answer. */
    private static final class Sizes {
        private int accepted;
        private int most;
        private final Set<Integer> unanswered = new TreeSet<>();
    }

    private final Map<String, Sizes> apps = new TreeMap<>();

    /** Notes are apps without instances, each made once: which acknowledgements there were. */
    private final Set<String> notes = new TreeSet<>();

    private boolean everSettled;

    /** To be called before a change is sent. */
    synchronized void asked(String app, int instances) {
        Sizes sizes = apps.computeIfAbsent(app, unused -> new Sizes());
        sizes.unanswered.add(instances);
        sizes.most = Math.max(sizes.most, instances);
    }

    synchronized void accepted(String app, int instances) {
        Sizes sizes = apps.computeIfAbsent(app, unused -> new Sizes());
        sizes.accepted = instances;
        sizes.unanswered.remove(instances);
    }

    /** Whether all masters have shown apps before: from then on none may show nothing. */
    synchronized boolean everSettled() {
        return everSettled;
    }

    /** Nothing is under way any more, and this is what all masters show. */
    synchronized void settled(String app, int instances) {
        Sizes sizes = apps.computeIfAbsent(app, unused -> new Sizes());
        sizes.accepted = instances;
        sizes.unanswered.clear();
        everSettled = true;
    }

    /** Whether an app may be of this size now that nothing is under way. */
    synchronized boolean allows(String app, int instances) {
        Sizes sizes = apps.computeIfAbsent(app, unused -> new Sizes());
        return sizes.accepted == instances || sizes.unanswered.contains(instances);
    }

    synchronized int accepted(String app) {
        return apps.computeIfAbsent(app, unused -> new Sizes()).accepted;
    }

    /** The largest size it was ever asked to have: more than that must never run. */
    synchronized int most(String app) {
        return apps.computeIfAbsent(app, unused -> new Sizes()).most;
    }

    synchronized Set<String> apps() {
        return new TreeSet<>(apps.keySet());
    }

    synchronized void noted(String note) {
        notes.add(note);
    }

    synchronized Set<String> notes() {
        return new TreeSet<>(notes);
    }
}
