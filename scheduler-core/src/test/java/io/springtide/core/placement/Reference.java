package io.springtide.core.placement;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Placement as one would explain it to somebody: every instance asks every agent every question, from
 * lists of what is where. Slow, and without anything that could go wrong quietly.
 */
final class Reference {

    /** Something that takes room: an instance of the state, or one placed since. */
    private record Tenant(AppState app, int row, Shape shape, int gpus, List<Integer> ports,
            boolean active, boolean counts) {}

    private final AgentTable agents;
    private final List<Tenant> tenants = new ArrayList<>();

    Reference(ClusterState state) {
        this.agents = state.agents();
        for (AppState app : state.apps().values()) {
            for (int i = 0; i < app.instances().size(); i++) {
                Instance one = app.instances().get(i);
                List<Integer> ports = new ArrayList<>();
                for (int port = 0; port < one.portCount(); port++) {
                    ports.add(one.port(port));
                }
                tenants.add(new Tenant(app, one.agentRow(), one.version().spec().shape(),
                        one.gpus(), ports, one.active(),
                        !one.inactive() && one.version().configuredMs() == app.current()
                                .configuredMs()));
            }
        }
    }

    /** Notes that an instance was placed. */
    void place(AppState app, int row, int gpus, List<Integer> ports) {
        tenants.add(new Tenant(app, row, app.current().spec().shape(), gpus, ports, true, true));
    }

    /** Every agent that may take one more instance of the app. */
    List<Integer> candidates(AppState app) {
        List<Integer> found = new ArrayList<>();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && admissible(app, row, false) && fits(app, row)) {
                found.add(row);
            }
        }
        return found;
    }

    /** Everything but resources. */
    private boolean admissible(AppState app, int row, boolean settled) {
        Shape shape = shape(app);
        if (agents.condition(row) != AgentCondition.LIVE
                || (agents.spec(row).runtimesMask() & shape.runtime().bit()) == 0
                || (shape.rules().roleUse() == Rules.RoleUse.RESERVED
                        && !agents.spec(row).reservations().containsKey(shape.rules().role()))) {
            return false;
        }
        return admits(app, row, settled);
    }

    /** With {@code settled} only what does not change from instance to instance. */
    private boolean admits(AppState app, int row, boolean settled) {
        for (Constraint rule : shape(app).rules().constraints()) {
            if (!holds(app, row, rule, settled)) {
                return false;
            }
        }
        for (Preferences.Neighbour neighbour : shape(app).rules().preferences().apps()) {
            boolean self = neighbour.app().equals(app.id());
            if (!neighbour.required() || (self && settled && neighbour.weight() < 0)) {
                continue;
            }
            List<Integer> others = tenants.stream()
                    .filter(t -> t.app.id().equals(neighbour.app())
                            && (self ? t.counts : t.active))
                    .map(Tenant::row).toList();
            boolean near = others.stream().anyMatch(at -> near(at, row, neighbour.scope()));
            if (self && neighbour.weight() > 0) {
                // As with CLUSTER: all where the first one is.
                near = others.isEmpty() || near(others.get(0), row, neighbour.scope());
            }
            if (near != neighbour.weight() > 0) {
                return false;
            }
        }
        return tenants.stream().noneMatch(t -> !t.app.id().equals(app.id()) && t.active
                && shape(t.app).rules().preferences().apps().stream()
                        .anyMatch(one -> one.keepsOff(app.id()) && near(t.row, row, one.scope())));
    }

    private boolean holds(AppState app, int row, Constraint rule, boolean settled) {
        Optional<String> value = agents.spec(row).field(rule.field());
        if (value.isEmpty()) {
            return rule.operator() == Constraint.Operator.UNLIKE;
        }
        if (settled && !rule.fixed() && rule.operator() != Constraint.Operator.CLUSTER) {
            return true;
        }
        List<String> placed = tenants.stream()
                .filter(t -> t.app.id().equals(app.id()) && t.counts)
                .flatMap(t -> agents.spec(t.row).field(rule.field()).stream()).toList();
        long here = placed.stream().filter(value.get()::equals).count();
        return switch (rule.operator()) {
            case UNIQUE -> here == 0;
            case MAX_PER -> here < rule.count();
            case IS -> value.get().equals(rule.value());
            case LIKE -> Pattern.matches(rule.value(), value.get());
            case UNLIKE -> !Pattern.matches(rule.value(), value.get());
            case CLUSTER -> rule.value().isEmpty()
                    ? placed.isEmpty() || placed.get(0).equals(value.get())
                    : value.get().equals(rule.value());
            case GROUP_BY -> here == 0 || (new TreeSet<>(placed).size() >= rule.count()
                    && here <= fewest(app, rule.field(), placed));
        };
    }

    /** The smallest group over all values that agents have that come into question. */
    private long fewest(AppState app, String field, List<String> placed) {
        TreeSet<String> values = new TreeSet<>();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && admissible(app, row, true)) {
                agents.spec(row).field(field).ifPresent(values::add);
            }
        }
        return values.stream()
                .mapToLong(value -> placed.stream().filter(value::equals).count()).min()
                .orElse(0);
    }

    /** Resources, ports, GPUs, reservations: recounted from the tenants. */
    private boolean fits(AppState app, int row) {
        Resources need = shape(app).resources();
        AgentSpec agent = agents.spec(row);
        Resources total = agent.resources();
        long[] held = new long[2];
        long[] slackHeld = new long[2];
        long disk = total.diskMib();
        int[] gpus = new int[total.gpus()];
        TreeSet<Integer> ports = new TreeSet<>();
        agent.ports().forEach(range -> {
            for (int port = range.first(); port <= range.last(); port++) {
                ports.add(port);
            }
        });
        for (Tenant tenant : tenants) {
            if (tenant.row == row) {
                Resources taken = tenant.shape.resources();
                long[] from = bestEffort(tenant.shape) ? slackHeld : held;
                from[0] += taken.cpusMilli();
                from[1] += taken.memMib();
                disk -= taken.diskMib();
                tenant.ports.forEach(ports::remove);
                for (int gpu = 0; gpu < gpus.length; gpu++) {
                    gpus[gpu] += (tenant.gpus & 1 << gpu) == 0
                            ? 0
                            : taken.gpus() > 0 ? Resources.GPU_MILLI : taken.gpuShareMilli();
                }
            }
        }
        long cpusFree = total.cpusMilli() - held[0];
        long memFree = total.memMib() - held[1];
        if (bestEffort(shape(app))) {
            long cpus = slack(agents.cpusUsedMilli()[row], total.cpusMilli(), cpusFree);
            long mem = slack(agents.memUsedMib()[row], total.memMib(), memFree);
            if (cpus - slackHeld[0] < need.cpusMilli() || mem - slackHeld[1] < need.memMib()
                    || cpusFree < 0 || memFree < 0) {
                return false;
            }
        } else if (cpusFree < need.cpusMilli() || memFree < need.memMib()) {
            return false;
        }
        int whole = 0;
        boolean share = false;
        for (int used : gpus) {
            whole += used == 0 ? 1 : 0;
            share |= Resources.GPU_MILLI - used >= need.gpuShareMilli();
        }
        return disk >= need.diskMib() && whole >= need.gpus()
                && (need.gpuShareMilli() == 0 || share)
                && portsFit(shape(app).hostPorts(), ports)
                && unreserved(app, agent, row, new long[]{cpusFree, memFree, disk, whole});
    }

    private static long slack(long used, long total, long free) {
        return used < 0 ? free : total * 9 / 10 - used;
    }

    private static boolean portsFit(List<Integer> wanted, Set<Integer> free) {
        return free.size() >= wanted.size()
                && wanted.stream().allMatch(port -> port == 0 || free.contains(port));
    }

    private boolean unreserved(AppState app, AgentSpec agent, int row, long[] free) {
        Rules rules = shape(app).rules();
        TreeMap<String, Resources> reservations = new TreeMap<>(agent.reservations());
        long[] need = amounts(shape(app).resources());
        long[] mine = new long[need.length];
        for (var reserved : reservations.entrySet()) {
            long[] unmet = amounts(reserved.getValue());
            for (Tenant tenant : tenants) {
                Rules theirs = tenant.shape.rules();
                if (tenant.row == row && theirs.role().equals(reserved.getKey())
                        && theirs.roleUse() != Rules.RoleUse.UNRESERVED) {
                    long[] used = amounts(tenant.shape.resources());
                    for (int i = bestEffort(tenant.shape) ? 2 : 0; i < used.length; i++) {
                        unmet[i] -= used[i];
                    }
                }
            }
            boolean own = reserved.getKey().equals(rules.role());
            for (int i = 0; i < unmet.length; i++) {
                if (own) {
                    mine[i] = Math.max(0, unmet[i]);
                }
                if (!own || rules.roleUse() == Rules.RoleUse.UNRESERVED) {
                    free[i] -= Math.max(0, unmet[i]);
                }
            }
        }
        // Best effort takes no processors and no memory from anybody.
        for (int i = bestEffort(shape(app)) ? 2 : 0; i < need.length; i++) {
            if (!reservations.isEmpty() && need[i] > 0 && (free[i] < need[i]
                    || (rules.roleUse() == Rules.RoleUse.RESERVED && mine[i] < need[i]))) {
                return false;
            }
        }
        return true;
    }

    private static long[] amounts(Resources resources) {
        return new long[]{resources.cpusMilli(), resources.memMib(), resources.diskMib(),
                resources.gpus() + (resources.gpuShareMilli() > 0 ? 1 : 0)};
    }

    /** What placement goes by, most important first; the lowest is taken. */
    List<Long> cost(AppState app, int row) {
        Shape shape = shape(app);
        long site = count(app, row, Preferences.Scope.SITE);
        long rack = count(app, row, Preferences.Scope.RACK);
        long host = count(app, row, Preferences.Scope.HOST);
        boolean spread = shape.policy() == PlacementPolicy.SPREAD;
        Preferences wishes = shape.rules().preferences();
        long load = load(row);
        boolean full = shape.policy() == PlacementPolicy.BINPACK;
        long score = full ? Scorer.SCORE_MAX - load : load;
        if (wishes.equals(Preferences.NONE)) {
            return spread
                    ? List.of(site, rack, host, score, (long) row)
                    : List.of(score, (long) row);
        }
        boolean said = wishes.siteWeight() + wishes.rackWeight() + wishes.hostWeight() > 0;
        long points = said || !spread
                ? site * wishes.siteWeight() + rack * wishes.rackWeight()
                        + host * wishes.hostWeight()
                : 40 * site + 20 * rack + 10 * host;
        for (Preferences.Attribute wish : wishes.attributes()) {
            boolean has = agents.spec(row).field(wish.field())
                    .equals(Optional.of(wish.value()));
            points += has == wish.weight() > 0 ? 0 : Math.abs(wish.weight());
        }
        for (Preferences.Neighbour neighbour : wishes.apps()) {
            if (neighbour.required()) {
                continue;
            }
            if (neighbour.app().equals(app.id())) {
                points += neighbour.weight() < 0
                        ? -neighbour.weight() * count(app, row, neighbour.scope())
                        : 0;
                continue;
            }
            boolean near = tenants.stream().anyMatch(t -> t.app.id().equals(neighbour.app())
                    && t.active && near(t.row, row, neighbour.scope()));
            points += near == neighbour.weight() > 0 ? 0 : Math.abs(neighbour.weight());
        }
        return List.of(points, score >>> 16, (long) row);
    }

    private long count(AppState app, int row, Preferences.Scope scope) {
        return tenants.stream().filter(t -> t.app.id().equals(app.id()) && t.active
                && near(t.row, row, scope)).count();
    }

    private boolean near(int one, int other, Preferences.Scope scope) {
        return switch (scope) {
            case HOST -> one == other;
            case RACK -> agents.rack(one) == agents.rack(other);
            case SITE -> agents.site(one) == agents.site(other);
        };
    }

    private long load(int row) {
        long cpus = 0;
        long mem = 0;
        for (Tenant tenant : tenants) {
            if (tenant.row == row && !bestEffort(tenant.shape)) {
                cpus += tenant.shape.resources().cpusMilli();
                mem += tenant.shape.resources().memMib();
            }
        }
        Resources total = agents.spec(row).resources();
        return Math.max(part(cpus, total.cpusMilli()), part(mem, total.memMib()));
    }

    private static long part(long used, long total) {
        long within = Math.min(used, total);
        return Math.min(Scorer.SCORE_MAX, (within * ((1L << 62) / Math.max(1, total))) >>> 30);
    }

    private static Shape shape(AppState app) {
        return app.current().spec().shape();
    }

    private static boolean bestEffort(Shape shape) {
        return shape.rules().serviceClass() == ServiceClass.BEST_EFFORT;
    }
}
