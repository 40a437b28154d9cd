package io.springtide.core.state;

import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/** What of one agent is set aside for roles, and how much of that they use. */
public final class Reservations {

    private static final int CPUS = 0;
    private static final int MEM = 1;
    private static final int DISK = 2;
    private static final int GPUS = 3;
    private static final int KINDS = 4;

    private final List<String> roles;
    private final long[] reserved;
    private final long[] used;

    Reservations(SortedMap<String, Resources> byRole) {
        this.roles = new ArrayList<>(byRole.keySet());
        this.reserved = new long[roles.size() * KINDS];
        this.used = new long[reserved.length];
        for (int i = 0; i < roles.size(); i++) {
            Resources amount = byRole.getOrDefault(roles.get(i), Resources.NONE);
            add(reserved, i, amount, 1);
        }
    }

    private Reservations(Reservations other) {
        this.roles = other.roles;
        this.reserved = other.reserved;
        this.used = other.used.clone();
    }

    /** For trying out; the original does not notice. */
    public Reservations copy() {
        return new Reservations(this);
    }

    /** Notes that an instance takes ({@code sign} 1) or gives back (-1) what it asks for. */
    public void take(Shape shape, int sign) {
        Rules rules = shape.rules();
        int role = roles.indexOf(rules.role());
        if (role >= 0 && rules.roleUse() != Rules.RoleUse.UNRESERVED) {
            Resources need = shape.resources();
            // Best effort takes no processors and no memory from anybody.
            add(used, role, rules.serviceClass() == ServiceClass.BEST_EFFORT
                    ? new Resources(0, 0, need.diskMib(), need.gpus(), need.gpuShareMilli())
                    : need, sign);
        }
    }

    public long cpusMilliOf(Rules rules, long free) {
        return usable(rules, free, CPUS);
    }

    public long memMibOf(Rules rules, long free) {
        return usable(rules, free, MEM);
    }

    public long diskMibOf(Rules rules, long free) {
        return usable(rules, free, DISK);
    }

    public long gpusOf(Rules rules, long free) {
        return usable(rules, free, GPUS);
    }

    /** How much of what is free those under the rules may take. */
    private long usable(Rules rules, long free, int kind) {
        int own = roles.indexOf(rules.role());
        if (rules.roleUse() == Rules.RoleUse.RESERVED) {
            return own < 0 ? 0 : Math.min(free, unmet(own, kind));
        }
        long left = free;
        for (int i = 0; i < roles.size(); i++) {
            if (i != own || rules.roleUse() == Rules.RoleUse.UNRESERVED) {
                left -= unmet(i, kind);
            }
        }
        return left;
    }

    private long unmet(int role, int kind) {
        int at = role * KINDS + kind;
        return Math.max(0, reserved[at] - used[at]);
    }

    private static void add(long[] amounts, int role, Resources resources, int sign) {
        int at = role * KINDS;
        amounts[at + CPUS] += sign * resources.cpusMilli();
        amounts[at + MEM] += sign * resources.memMib();
        amounts[at + DISK] += sign * resources.diskMib();
        amounts[at + GPUS] += (long) sign
                * (resources.gpus() + (resources.gpuShareMilli() > 0 ? 1 : 0));
    }

    @Override
    public String toString() {
        return roles + " " + Arrays.toString(reserved) + " used " + Arrays.toString(used);
    }
}
