package io.springtide.core.decide;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.state.Instance;
import java.util.Comparator;

/** What it costs to evict instances: whose turn it is to give way, and who never has to. */
final class Harm {

    /** Above all levels of best effort. */
    private static final int FIRM = 10 * Rules.PRIORITY_MAX;

    /** Whoever serves nobody is the first to go, whatever its priority. */
    private static final int STANDBY = -FIRM;

    private Harm() {}

    /** Least harm first: best effort, then low priority, then young age. */
    static final Comparator<Instance> LEAST_FIRST = Comparator.<Instance>comparingInt(Harm::level)
            .thenComparing(Comparator.comparingLong(Instance::number).reversed());

    /** The higher, the worse. */
    static int level(Instance instance) {
        if (instance.standby()) {
            return STANDBY;
        }
        return priority(instance) + (bestEffort(instance) ? 0 : FIRM);
    }

    /** While an app changes its priority, its instances keep the higher one. */
    static int priority(Instance instance) {
        return Math.max(instance.version().spec().shape().rules().priority(),
                instance.app().current().spec().shape().rules().priority());
    }

    static boolean bestEffort(Instance instance) {
        return instance.version().spec().shape().rules()
                .serviceClass() == ServiceClass.BEST_EFFORT;
    }

    /** Whether an instance gives way to an app under these rules. */
    static boolean givesWay(Instance instance, Rules to) {
        if (instance.standby() && to.serviceClass() != ServiceClass.BEST_EFFORT) {
            return true;
        }
        if (to.serviceClass() == ServiceClass.BEST_EFFORT) {
            return bestEffort(instance) && priority(instance) < to.priority();
        }
        return bestEffort(instance)
                ? priority(instance) <= to.priority()
                : priority(instance) < to.priority();
    }

    /**
     * In which order instances are spared, if one of them can be: the worst to lose first; among equals
     * the small before the large, so that few have to go, then the old.
     */
    static Comparator<Instance> sparedFirst(AgentSpec agent) {
        long[] total = Amounts.of(agent.resources());
        return Comparator.<Instance>comparingInt(instance -> -level(instance))
                .thenComparingLong(instance -> size(instance, total))
                .thenComparingLong(Instance::number);
    }

    /** Those that leave most room. */
    static Comparator<Instance> largestFirst(AgentSpec agent) {
        long[] total = Amounts.of(agent.resources());
        return Comparator.<Instance>comparingLong(instance -> -size(instance, total))
                .thenComparing(LEAST_FIRST);
    }

    private static long size(Instance instance, long[] total) {
        Resources need = instance.version().spec().shape().resources();
        return Math.max(
                Math.max(Amounts.share(need.cpusMilli(), total[0]),
                        Amounts.share(need.memMib(), total[1])),
                Math.max(Amounts.share(need.diskMib(), total[2]), Amounts.share(
                        (long) need.gpus() * Resources.GPU_MILLI + need.gpuShareMilli(),
                        total[3])));
    }
}
