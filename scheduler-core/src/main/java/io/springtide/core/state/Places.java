package io.springtide.core.state;

import io.springtide.core.model.AgentSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The sites and racks that agents have named, as numbers without gaps; none is ever forgotten. */
final class Places {

    /** Between the parts of a place's name; no name has it. */
    private static final char SEPARATOR = '\u001f';

    private final TreeMap<String, Integer> siteCodes = new TreeMap<>();
    private final TreeMap<String, Integer> rackCodes = new TreeMap<>();
    private final List<Integer> rackSites = new ArrayList<>();

    int site(AgentSpec agent) {
        return siteCode(agent.region() + SEPARATOR + agent.site());
    }

    int rack(AgentSpec agent) {
        return rackCode(agent.region() + SEPARATOR + agent.site() + SEPARATOR + agent.rack());
    }

    int siteCount() {
        return siteCodes.size();
    }

    int rackCount() {
        return rackSites.size();
    }

    int siteOfRack(int rack) {
        return rackSites.get(rack);
    }

    /** Names of sites or racks in the order of their codes, for snapshots. */
    List<String> names(boolean ofRacks) {
        TreeMap<String, Integer> codes = ofRacks ? rackCodes : siteCodes;
        String[] names = new String[codes.size()];
        codes.forEach((name, code) -> names[code] = name);
        return List.of(names);
    }

    void restore(List<String> siteNames, List<String> rackNames) {
        siteNames.forEach(this::siteCode);
        rackNames.forEach(this::rackCode);
    }

    private int siteCode(String name) {
        return siteCodes.computeIfAbsent(name, unused -> siteCodes.size());
    }

    private int rackCode(String name) {
        Integer known = rackCodes.get(name);
        if (known != null) {
            return known;
        }
        int code = rackCodes.size();
        rackCodes.put(name, code);
        rackSites.add(siteCode(name.substring(0, name.lastIndexOf(SEPARATOR))));
        return code;
    }
}
