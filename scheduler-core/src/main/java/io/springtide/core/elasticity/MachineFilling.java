package io.springtide.core.elasticity;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Fills machines with what waits, those that are empty first, then new ones. Used once. */
final class MachineFilling {

    private static final long PPM = 1_000_000;

    /** So many of an app may be on machines with one value of a field. */
    private record Limited(AppId app, String field, String value) {}

    private final List<MachinePool> pools;
    private final List<List<MachineBin>> bins = new ArrayList<>();
    private final int[] ordered;
    private final TreeMap<Limited, Integer> planned = new TreeMap<>(
            Comparator.<Limited, AppId>comparing(Limited::app).thenComparing(Limited::field)
                    .thenComparing(Limited::value));
    private final List<MachinePlan.Share> shares = new ArrayList<>();
    private final List<MachinePlan.Untaken> untaken = new ArrayList<>();

    MachineFilling(List<MachinePool> pools) {
        this.pools = pools;
        this.ordered = new int[pools.size()];
        for (MachinePool pool : pools) {
            List<MachineBin> empty = new ArrayList<>();
            for (int i = 0; i < pool.empty(); i++) {
                empty.add(new MachineBin(pool.machine()));
            }
            bins.add(empty);
        }
    }

    MachinePlan fill(List<MachineNeed> needs) {
        needs.stream().sorted(Comparator
                .<MachineNeed>comparingInt(need -> -need.shape().rules().priority())
                .thenComparingLong(need -> -size(need.shape(), pools.getFirst().machine()))
                .thenComparing(MachineNeed::app)).forEach(this::fill);
        List<MachinePlan.Order> orders = new ArrayList<>();
        for (int i = 0; i < ordered.length; i++) {
            if (ordered[i] > 0) {
                orders.add(new MachinePlan.Order(pools.get(i).name(), ordered[i]));
            }
        }
        return new MachinePlan(orders, shares, untaken);
    }

    /** The largest part of an empty machine that an instance takes. */
    private static long size(Shape shape, AgentSpec machine) {
        Resources need = shape.resources();
        Resources whole = machine.resources();
        return Math.max(
                Math.max(part(need.cpusMilli(), whole.cpusMilli()),
                        part(need.memMib(), whole.memMib())),
                Math.max(part(need.diskMib(), whole.diskMib()),
                        part(need.gpus() * (long) Resources.GPU_MILLI + need.gpuShareMilli(),
                                whole.gpus() * (long) Resources.GPU_MILLI)));
    }

    private static long part(long need, long whole) {
        return need * PPM / Math.max(1, whole);
    }

    private void fill(MachineNeed need) {
        int left = need.count();
        int[] taken = new int[pools.size()];
        for (int i = 0; i < taken.length && left > 0; i++) {
            taken[i] = fillEmpty(need, i, left);
            left -= taken[i];
        }
        for (int i = 0; i < taken.length && left > 0; i++) {
            int more = order(need, i, left);
            taken[i] += more;
            left -= more;
        }
        for (int i = 0; i < taken.length; i++) {
            if (taken[i] > 0) {
                shares.add(new MachinePlan.Share(need.app(), need.versionMs(),
                        pools.get(i).name(), taken[i]));
            }
        }
        if (left > 0) {
            List<MachinePlan.Veto> why = new ArrayList<>();
            for (int i = 0; i < taken.length; i++) {
                why.add(new MachinePlan.Veto(pools.get(i).name(), veto(need, i)));
            }
            untaken.add(new MachinePlan.Untaken(need.app(), left, why));
        }
    }

    private int fillEmpty(MachineNeed need, int pool, int count) {
        int left = count;
        for (MachineBin bin : bins.get(pool)) {
            left -= put(need, pool, bin, left);
        }
        return count - left;
    }

    private int order(MachineNeed need, int pool, int count) {
        int left = count;
        while (left > 0 && ordered[pool] < pools.get(pool).more()) {
            MachineBin bin = new MachineBin(pools.get(pool).machine());
            int put = put(need, pool, bin, left);
            if (put == 0) {
                break;
            }
            bins.get(pool).add(bin);
            ordered[pool]++;
            left -= put;
        }
        return count - left;
    }

    private int put(MachineNeed need, int pool, MachineBin bin, int count) {
        int room = Math.min(count, room(need, pool));
        int put = Math.min(room, bin.room(need));
        if (put > 0) {
            bin.put(need, put);
            limited(need, pools.get(pool).machine())
                    .forEach(one -> planned.merge(one, put, Integer::sum));
        }
        return put;
    }

    /** What the app's constraints leave for all machines of the pool together; 0 if it takes none. */
    private int room(MachineNeed need, int pool) {
        AgentSpec machine = pools.get(pool).machine();
        if (MachineRules.veto(need, machine).isPresent()) {
            return 0;
        }
        int room = Integer.MAX_VALUE;
        for (Constraint rule : MachineRules.limits(need.shape())) {
            if (!MachinePool.ofItsOwn(rule.field())) {
                String value = machine.field(rule.field()).orElse("");
                int there = need.placed(rule.field(), value)
                        + planned.getOrDefault(new Limited(need.app(), rule.field(), value), 0);
                room = Math.min(room, Math.max(0, MachineRules.most(rule) - there));
            }
        }
        if (MachineRules.together(need.shape()).stream().anyMatch(MachinePool::ofItsOwn)
                && bins.get(pool).stream().anyMatch(bin -> bin.has(need.app()))) {
            // All are to be on one machine, and that is chosen.
            return 0;
        }
        return room;
    }

    private static List<Limited> limited(MachineNeed need, AgentSpec machine) {
        return MachineRules.limits(need.shape()).stream().map(Constraint::field).distinct()
                .filter(field -> !MachinePool.ofItsOwn(field))
                .map(field -> new Limited(need.app(), field, machine.field(field).orElse("")))
                .toList();
    }

    /** Why a pool takes no further instance; empty if it may have no more machines. */
    private Optional<Rejection> veto(MachineNeed need, int pool) {
        AgentSpec machine = pools.get(pool).machine();
        Optional<Rejection> rules = MachineRules.veto(need, machine);
        if (rules.isPresent()) {
            return rules;
        }
        if (room(need, pool) == 0) {
            return Optional.of(Rejection.CONSTRAINT);
        }
        return new MachineBin(machine).shortage(need);
    }
}
