package io.springtide.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.bench.chaos.Masters.Reply;
import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster with apps on it, who changes and watches them, and what every kind of chaos needs of both.
 * Except for the watcher and the writer of notes everything happens in the caller's thread.
 */
final class Trial implements AutoCloseable {

    /** Nobody changes it: none of its tasks may end or be replaced while its agent is well. */
    static final String STEADY = "/steady";

    /** Its size is what is changed. */
    static final String MOVING = "/moving";

    static final int STEADY_SIZE = 8;

    private static final Duration SETTLED = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration ACCEPTED = Duration.ofSeconds(60);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
    private static final int SIZES = 5;

    /** Tries that fail after a longer time are worth a word. */
    private static final double SLOW_MS = 150;

    private final ChaosCluster cluster;
    private final String run;
    private final Consumer<String> say;
    private final Promises promises = new Promises();
    private final Watcher watcher;
    private final NoteWriter notes;
    private int changes;
    private String lastChange = "";

    /** Puts the apps on a cluster that is ready, and waits until they run. */
    Trial(ChaosCluster cluster, String run, Consumer<String> say) {
        this.cluster = cluster;
        this.run = run;
        this.say = say;
        this.watcher = new Watcher(cluster, promises);
        make(STEADY, STEADY_SIZE);
        make(MOVING, 1);
        settle();
        this.notes = new NoteWriter(cluster, promises, watcher);
    }

    ChaosCluster cluster() {
        return cluster;
    }

    Masters api() {
        return cluster.api();
    }

    Watcher watcher() {
        return watcher;
    }

    /** An app without instances that was accepted: it must be there in the end. */
    void noted(String app) {
        promises.noted(app);
    }

    void say(String line) {
        say.accept(line);
    }

    /** A failed invariant that is no exception: the run goes on. */
    void check(boolean holds, String otherwise) {
        if (!holds) {
            watcher.violated(otherwise);
        }
    }

    /** Who leads, once somebody does. */
    int awaitLeader() {
        Pause.until("a leader", ACCEPTED, () -> api().leader().isPresent());
        return api().leader().orElseGet(this::awaitLeader);
    }

    /** Who leads other than this one, which may not be able to say anything. */
    int awaitLeaderBut(int master) {
        Pause.until("another leader than master-" + (master + 1), ACCEPTED,
                () -> others(master).stream().anyMatch(api()::leads));
        return others(master).stream().filter(api()::leads).findFirst()
                .orElseGet(() -> awaitLeaderBut(master));
    }

    static List<Integer> others(int master) {
        return IntStream.range(0, ChaosCluster.MASTERS).filter(one -> one != master).boxed()
                .toList();
    }

    /**
     * Changes the size of {@link #MOVING}, trying these masters in turn until one accepts it.
     *
     * @return how long that took from {@code beganNs} on, in milliseconds
     */
    double change(List<Integer> masters, long beganNs) {
        int size = nextSize();
        StringBuilder slow = new StringBuilder();
        for (int tries = 0; Pause.msSince(beganNs) < ACCEPTED.toMillis(); tries++) {
            int master = masters.get(tries % masters.size());
            double askedMs = Pause.msSince(beganNs);
            Reply reply = tryChange(master, size, PATIENCE);
            double answeredMs = Pause.msSince(beganNs);
            if (reply.accepted()) {
                lastChange = String.format("try %d, by master-%d, which took %.0f ms%s", tries + 1,
                        master + 1, answeredMs - askedMs, slow);
                return answeredMs;
            }
            if (answeredMs - askedMs > SLOW_MS) {
                slow.append(String.format("; at %.0f master-%d %s after %.0f ms", askedMs,
                        master + 1, reply.status() == 0 ? "silent" : "said " + reply.status(),
                        answeredMs - askedMs));
            }
            Pause.of(BETWEEN_TRIES);
        }
        throw new ChaosException("no master accepted a change within " + ACCEPTED.toSeconds()
                + " s");
    }

    /** Which try at which master was the accepted one. */
    String lastChange() {
        return lastChange;
    }

    /** Asks one master once. */
    Reply tryChange(int master, int size, Duration patience) {
        promises.asked(MOVING, size);
        Reply reply = api().send(master, "PUT", "/v2/apps" + MOVING + "?force=true",
                "{\"instances\":" + size + "}", patience);
        if (reply.accepted()) {
            promises.accepted(MOVING, size);
        } else {
            // Only these are asked for an existing app's size: anything but trouble is wrong.
            check(reply.status() == 0 || reply.status() == 502 || reply.status() == 503,
                    "a change was answered with " + reply.status() + ": " + reply.body());
        }
        return reply;
    }

    /** The next size of the app that is changed. */
    int nextSize() {
        return 1 + ++changes % SIZES;
    }

    /** The processes of {@link #STEADY}, to be held against those of a later moment. */
    Set<Live> steady() {
        return new HashSet<>(cluster.tasks().live(STEADY));
    }

    void checkSteady(Set<Live> before, String when) {
        Set<Live> now = steady();
        check(now.equals(before), when + ": the tasks of " + STEADY + " are not what they were: "
                + before + " before, " + now + " now");
    }

    /** Waits until every master is ready and shows exactly what was accepted, and exactly that runs. */
    void settle() {
        try {
            cluster.awaitReady();
            Pause.until("all apps to be exactly as accepted, on all masters", SETTLED,
                    () -> IntStream.range(0, ChaosCluster.MASTERS).allMatch(this::exact));
            promises.apps().forEach(app -> promises.settled(app,
                    cluster.tasks().live(app).size()));
        } catch (ChaosException notSettled) {
            throw new ChaosException(notSettled.getMessage() + ": " + promises.apps().stream()
                    .map(app -> app + " accepted with " + promises.accepted(app) + ", shown "
                            + shown(app) + ", live "
                            + cluster.tasks().live(app).stream().map(Live::taskId).toList())
                    .collect(Collectors.joining("; ")), notSettled);
        }
    }

    private List<String> shown(String app) {
        return IntStream.range(0, ChaosCluster.MASTERS)
                .mapToObj(master -> api().get(master, "/v2/apps" + app).body().path("app"))
                .map(one -> one.path("tasksRunning") + " of " + one.path("instances"))
                .toList();
    }

    private boolean exact(int master) {
        for (String app : promises.apps()) {
            JsonNode shown = api().get(master, "/v2/apps" + app + "?embed=app.tasks").body()
                    .path("app");
            int wanted = shown.path("instances").asInt(-1);
            Set<String> tasks = new HashSet<>();
            shown.path("tasks").forEach(task -> tasks.add(task.path("id").asText()));
            Set<String> live = cluster.tasks().live(app).stream().map(Live::taskId)
                    .collect(Collectors.toSet());
            if (!promises.allows(app, wanted) || shown.path("tasksRunning").asInt() != wanted
                    || !shown.path("deployments").isEmpty() || tasks.size() != wanted
                    || !live.equals(tasks)) {
                return false;
            }
        }
        return true;
    }

    /** Holds every note that was acknowledged against what each master shows. */
    void checkNotes() {
        Set<String> acknowledged = promises.notes();
        for (int master = 0; master < ChaosCluster.MASTERS; master++) {
            Reply reply = api().send(master, "GET", "/v2/groups" + NoteWriter.GROUP
                    + "?embed=group.apps", "", Duration.ofSeconds(20));
            Set<String> there = new HashSet<>();
            reply.body().path("apps").forEach(app -> there.add(app.path("id").asText()));
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(there);
            check(acknowledged.isEmpty() || lost.isEmpty(), "master-" + (master + 1) + " (status "
                    + reply.status() + ") does not show what was acknowledged: " + lost);
        }
    }

    int acknowledged() {
        return promises.notes().size();
    }

    private void make(String app, int instances) {
        promises.asked(app, instances);
        Reply reply = api().send(awaitLeader(), "POST", "/v2/apps", """
                {"id":"%s","cmd":"exec sleep 86400","cpus":0.01,"mem":4,"instances":%d,
                 "portDefinitions":[],"env":{"%s":"%s"},"taskKillGracePeriodSeconds":1,
                 "unreachableStrategy":{"inactiveAfterSeconds":0,"expungeAfterSeconds":0}}"""
                .formatted(app, instances, TaskProcesses.MARK, run), Duration.ofSeconds(20));
        if (!reply.accepted()) {
            throw new ChaosException("app " + app + " was refused: " + reply);
        }
        promises.accepted(app, instances);
    }

    /** Ends watching and writing, but not the cluster. */
    @Override
    public void close() {
        notes.close();
        watcher.close();
    }
}
