package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules that apps and pods share. */
final class CommonRules {

    private final String path;
    private final Violations violations;

    /**
     * Reports to {@code violations}.
     *
     * @param path of the app or pod in its document
     */
    CommonRules(String path, Violations violations) {
        this.path = path;
        this.violations = violations;
    }

    private void require(boolean rule, String where, String error) {
        violations.require(rule, path + where, error);
    }

    void checkId(PathId id) {
        require(!id.isRoot(), "/id", "Path must contain at least one path element");
        require(!id.isReserved(), "/id",
                "must not end with any of the following reserved keywords: restart, tasks, versions, ., ..");
    }

    void checkNetworks(List<Network> networks) {
        int container = 0;
        for (Network network : networks) {
            switch (network.mode()) {
                case HOST ->
                    require(network.name().isEmpty() && network.labels().isEmpty(), "/networks",
                            "Host networks may not have names or labels");
                case BRIDGE -> require(network.name().isEmpty(), "/networks",
                        "Bridge networks may not have names");
                case CONTAINER -> {
                    container++;
                    require(network.name().isPresent(), "/networks",
                            "Network name must be specified when container network is selected.");
                }
            }
        }
        long distinct = networks.stream().map(n -> n.mode() + ":" + n.name().orElse("")).distinct()
                .count();
        require(distinct == networks.size(), "/networks", "Duplicate networks are not allowed");
        require(networks.size() == 1 || container == networks.size(), "/networks",
                "May specify a single host network, single bridge network, or else 1-to-n container networks");
    }

    /** The role is the server's or the uppermost group's, and only its resources are used beside everybody's. */
    void checkRoles(PathId id, Placement placement, ServerSettings settings) {
        String role = placement.role();
        List<String> known = new ArrayList<>(List.of(settings.mesosRole()));
        id.topGroup().filter(group -> !known.contains(group)).ifPresent(known::add);
        require(known.contains(role), "/role",
                "got " + role + ", expected one of: [" + String.join(", ", known) + "]");
        List<String> accepted = placement.acceptedResourceRoles();
        require(accepted.stream().allMatch(a -> a.equals("*") || a.equals(role)),
                "/acceptedResourceRoles", "acceptedResourceRoles can only contain *"
                        + (role.equals("*") ? "" : " and " + role));
        for (int i = 0; i < accepted.size(); i++) {
            String where = "/acceptedResourceRoles(" + i + ")";
            String name = accepted.get(i);
            require(!name.isEmpty(), where, "A role name must not be empty.");
            require(!name.equals(".") && !name.equals(".."), where,
                    "A role name must not be . or ..");
            require(!name.startsWith("-"), where, "A role name must not start with a dash.");
            require(name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isWhitespace(c)),
                    where,
                    "A role name must not contain slashes or white space.");
        }
    }

    /** Limits are no lower than what is asked for. */
    void checkLimits(Resources resources, String where) {
        Optional<Resources.Limits> limits = resources.limits();
        if (limits.isPresent()) {
            checkLimit(limits.get().cpus(), resources.cpus(), where + "/resourceLimits/cpus");
            checkLimit(limits.get().memMib(), resources.memMib(), where + "/resourceLimits/mem");
        }
    }

    private void checkLimit(Optional<Resources.Limit> limit, double requested, String where) {
        if (limit.isPresent() && limit.get() instanceof Resources.Limit.AtMost(double amount)) {
            require(amount >= requested, where,
                    "resource limit must be greater than or equal to requested resource ("
                            + requested + ")");
        }
    }

    void checkSeccomp(Optional<LinuxInfo> info, String where) {
        info.flatMap(LinuxInfo::seccomp).ifPresent(seccomp -> {
            boolean profile = seccomp.profileName().isPresent();
            require(!profile || !seccomp.unconfined(), where + "/linuxInfo/seccomp",
                    "Seccomp unconfined can NOT be true when Profile is defined");
            require(profile || seccomp.unconfined(), where + "/linuxInfo/seccomp",
                    "Seccomp unconfined must be true when Profile is NOT defined");
        });
    }

    void checkIpc(Optional<LinuxInfo> info, String where) {
        info.flatMap(LinuxInfo::ipc).ifPresent(ipc -> require(
                ipc.mode() != LinuxInfo.IpcMode.SHARE_PARENT || ipc.shmSizeMib().isEmpty(),
                where + "/linuxInfo/ipcInfo",
                "ipcInfo shmSize can NOT be set when mode is SHARE_PARENT"));
    }

    /** An agent must be sure that it is cut off, and the end takes its time. */
    private static final int CUT_OFF_SECONDS_MIN = 10;

    /** What the agent allows where nothing is said. */
    static final int GRACE_SECONDS = 3;

    /**
     * Checks when instances on silent agents are replaced.
     *
     * @param graceSeconds the end of an instance takes at most so long
     */
    void checkUnreachable(Rollout rollout, String where, int graceSeconds) {
        if (rollout.onPartition() == Rollout.OnPartition.STOP && rollout
                .unreachable() instanceof Rollout.UnreachableStrategy.After(int first, int unused)) {
            long least = (long) CUT_OFF_SECONDS_MIN + graceSeconds;
            require(first >= least, where + "/unreachableStrategy/inactiveAfterSeconds",
                    "must be at least " + least + " where onPartition is stop: ten seconds until an"
                            + " agent is sure to be cut off, and the grace period of a kill");
        }
        if (rollout
                .unreachable() instanceof Rollout.UnreachableStrategy.After(int inactive, int expunge)) {
            require(inactive <= expunge, where + "/unreachableStrategy/inactiveAfterSeconds",
                    "inactiveAfterSeconds (" + inactive
                            + ") must be less or equal to expungeAfterSeconds, which is "
                            + expunge);
        }
    }
}
