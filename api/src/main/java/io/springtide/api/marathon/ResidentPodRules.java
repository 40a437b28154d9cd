package io.springtide.api.marathon;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What an update may not change in a pod whose instances own data: its reservations are made already. */
final class ResidentPodRules {

    private ResidentPodRules() {}

    static void check(Pod before, Pod after, Violations violations) {
        if (!before.isResident() && !after.isResident()) {
            return;
        }
        violations.require(disks(before).equals(disks(after)), "",
                "persistent volumes cannot be updated");
        Resources old = before.total();
        Resources wanted = after.total();
        requireSame(old.cpus() == wanted.cpus(), "cpus", violations);
        requireSame(old.memMib() == wanted.memMib(), "mem", violations);
        requireSame(old.diskMib() == wanted.diskMib(), "disk", violations);
        requireSame(old.gpus() == wanted.gpus(), "gpus", violations);
        List<Integer> oldPorts = List.copyOf(new TreeSet<>(before.hostPorts()));
        requireSame(oldPorts.equals(List.copyOf(new TreeSet<>(after.hostPorts()))), "host ports",
                violations);
    }

    private static void requireSame(boolean same, String what, Violations violations) {
        violations.require(same, "",
                what + " cannot be updated if a pod has persistent volumes");
    }

    private static Map<String, PodVolume> disks(Pod pod) {
        Map<String, PodVolume> disks = new TreeMap<>();
        pod.volumes().stream().filter(PodVolume.Persistent.class::isInstance)
                .forEach(volume -> disks.put(volume.name(), volume));
        return disks;
    }
}
