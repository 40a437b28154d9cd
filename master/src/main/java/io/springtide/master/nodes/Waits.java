package io.springtide.master.nodes;

import io.springtide.core.elasticity.MachineNeed;
import io.springtide.core.elasticity.MachinePlan;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Rejection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The apps that wait for machines: what is said of them, and which of them machines do not help. The plan
 * does not know every rule of placement. If an app waits on though machines that it should fit onto are
 * there and empty, no more are ordered for that version of it.
 */
final class Waits {

    private static final int APPS_NAMED_MAX = 3;

    private final long futileMs;
    private final TreeMap<AppId, Try> tries = new TreeMap<>();

    /** Since when a version should have found room on machines that are there. */
    private record Try(long versionMs, long sinceMs, boolean futile) {}

    Waits(long futileMs) {
        this.futileMs = futileMs;
    }

    /** Those for whom machines may be ordered. */
    List<MachineNeed> helpable(List<MachineNeed> needs, List<Pool> pools, long nowMs) {
        TreeMap<AppId, Long> versions = new TreeMap<>();
        needs.forEach(need -> versions.put(need.app(), need.versionMs()));
        tries.entrySet().removeIf(one -> !Long.valueOf(one.getValue().versionMs)
                .equals(versions.get(one.getKey())));
        List<MachineNeed> open = needs.stream().filter(need -> !futile(need.app())).toList();
        TreeSet<AppId> fitting = new TreeSet<>();
        MachinePlan.of(open,
                pools.stream().map(pool -> pool.emptyFor(futileMs, nowMs)).toList()).shares()
                .forEach(share -> fitting.add(share.app()));
        for (MachineNeed need : open) {
            Try known = tries.get(need.app());
            if (!fitting.contains(need.app())) {
                tries.remove(need.app());
            } else if (known == null) {
                tries.put(need.app(), new Try(need.versionMs(), nowMs, false));
            } else if (nowMs - known.sinceMs >= futileMs) {
                tries.put(need.app(), new Try(need.versionMs(), known.sinceMs, true));
            }
        }
        return open.stream().filter(need -> !futile(need.app())).toList();
    }

    private boolean futile(AppId app) {
        Try known = tries.get(app);
        return known != null && known.futile;
    }

    /** For whom machines of a pool are ordered. */
    String why(MachinePlan plan, String pool) {
        List<MachinePlan.Share> shares = plan.shares().stream()
                .filter(one -> one.pool().equals(pool)).toList();
        StringBuilder text = new StringBuilder();
        shares.stream().limit(APPS_NAMED_MAX)
                .forEach(one -> text.append(text.isEmpty() ? "" : ", ").append(one.instances())
                        .append(" of ").append(one.app()));
        if (shares.size() > APPS_NAMED_MAX) {
            text.append(" and ").append(shares.size() - APPS_NAMED_MAX).append(" other apps");
        }
        return text.append(" find no room").toString();
    }

    /** What machines have to do with each app that waits. */
    Map<AppId, String> sentences(MachinePlan plan, List<Pool> pools) {
        TreeMap<AppId, List<String>> said = new TreeMap<>();
        plan.shares().forEach(share -> pools.stream()
                .filter(pool -> pool.settings.name().equals(share.pool()))
                .forEach(pool -> said.computeIfAbsent(share.app(), app -> new ArrayList<>())
                        .add(coming(pool))));
        plan.untaken().forEach(one -> one.why()
                .forEach(veto -> said.computeIfAbsent(one.app(), app -> new ArrayList<>())
                        .add(veto(veto, one.instances(), pools))));
        tries.forEach((app, known) -> {
            if (known.futile) {
                said.put(app, List.of("Machines that it should fit onto are there and empty, and"
                        + " it still waits: no more are ordered for this version of it."));
            }
        });
        TreeMap<AppId, String> sentences = new TreeMap<>();
        said.forEach((app, all) -> sentences.put(app, String.join(" ", all)));
        return Collections.unmodifiableMap(sentences);
    }

    private static String coming(Pool pool) {
        long coming = pool.machines().stream().filter(Machine::coming).count();
        Optional<String> trouble = pool.trouble();
        if (coming > 0) {
            return coming == 1
                    ? "1 machine of pool " + pool.settings.name() + " is on its way."
                    : coming + " machines of pool " + pool.settings.name() + " are on their way.";
        }
        return trouble
                .map(why -> "Pool " + pool.settings.name() + " gets no machine now: " + why + ".")
                .orElse("A machine of pool " + pool.settings.name() + " is to take it.");
    }

    private static String veto(MachinePlan.Veto veto, int instances, List<Pool> pools) {
        if (veto.reason().isPresent()) {
            return "No machine of pool " + veto.pool() + " would help " + instances + " of them: "
                    + text(veto.reason().get()) + ".";
        }
        Optional<Pool> pool = pools.stream()
                .filter(one -> one.settings.name().equals(veto.pool())).findFirst();
        return pool.flatMap(Pool::trouble)
                .map(why -> "Pool " + veto.pool() + " gets no machine now: " + why + ".")
                .orElseGet(() -> "Pool " + veto.pool() + " may have no more machines than "
                        + pool.map(one -> one.settings.max()).orElse(0) + ", and has no room for "
                        + instances + " of them.");
    }

    private static String text(Rejection reason) {
        return switch (reason) {
            case CPUS -> "an empty one has too few processors";
            case MEMORY -> "an empty one has too little memory";
            case DISK -> "an empty one has too little disk";
            case GPUS -> "an empty one has too few GPUs";
            case PORTS -> "an empty one does not have the ports";
            case RUNTIME -> "it does not have the runtime";
            case ROLE -> "nothing on it is reserved for the role";
            case CONSTRAINT -> "a constraint rules it out";
            case AFFINITY -> "a required affinity rules it out";
            case AGENT_SILENT, SLACK, HELD, QUOTA, CORDONED -> "it would not be placed there";
        };
    }
}
