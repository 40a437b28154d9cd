package io.springtide.agent;

import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.MasterAddress;
import io.springtide.agent.runtime.process.ProcessOptions;
import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that an agent has to be told.
 *
 * @param agentId empty to keep the id in the data folder, or to draw one
 * @param hostname under which the ports of its instances can be reached
 * @param reservations by role: parts of the resources that no other role may take
 * @param sandboxesEndedMax how many sandboxes of ended tasks are kept for their logs
 * @param starts how fast instances are started
 */
public record AgentConfig(List<MasterAddress> masters, Path dataDir, String agentId,
        String hostname, Placement place,
        Resources resources, Map<String, Resources> reservations, List<PortRange> ports,
        List<Runtime> runtimes, ProcessOptions process,
        int sandboxesEndedMax, StartLimits starts) {

    /** Where the machine stands, and what else placement may ask for. */
    public record Placement(String region, String site, String rack,
            Map<String, String> attributes) {}

    /** Enough to look into a crash loop; a bound on the disk. */
    public static final int SANDBOXES_ENDED_MAX = 100;

    public AgentConfig {
        masters = List.copyOf(masters);
        reservations = Collections.unmodifiableMap(new TreeMap<>(reservations));
        ports = List.copyOf(ports);
        runtimes = List.copyOf(runtimes);
        dataDir = dataDir.toAbsolutePath().normalize();
    }
}
