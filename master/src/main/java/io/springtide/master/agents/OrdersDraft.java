package io.springtide.master.agents;

import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders for one agent while they are being put together; used by one thread. Launches come before
 * kills, so that an instance that was placed and given up in one go is known when its kill arrives.
 */
final class OrdersDraft {

    private final Map<Key, Group> launches = new LinkedHashMap<>();
    private final List<Long> thaws = new ArrayList<>();
    private final List<Piece> adoptions = new ArrayList<>();
    private final List<Long> tell = new ArrayList<>();
    private final List<Long> orphans = new ArrayList<>();
    private final List<Kill> kills = new ArrayList<>();
    private final List<Piece> full = new ArrayList<>();

    private record Key(String digest, boolean standby) {}

    private record Group(PreparedSpec spec, LaunchGroup.Builder open) {}

    /**
     * Adds an instance whose ports are {@code count} numbers of an array.
     *
     * @param gpus those it gets, one bit each; 0 = its spec asks for none
     * @param standby it is to be frozen once it is ready
     */
    void launch(PreparedSpec spec, long instance, int[] ports, int offset, int count, int gpus,
            boolean standby) {
        LaunchGroup.Builder group = group(spec, standby);
        group.addInstanceIds(instance);
        if (gpus != 0) {
            group.addGpus(gpus);
        }
        for (int i = offset; i < offset + count; i++) {
            group.addPorts(ports[i]);
        }
        closeIfFull(spec, group);
    }

    /** Adds an instance as the state has it. */
    void launch(PreparedSpec spec, Instance instance) {
        LaunchGroup.Builder group = group(spec, instance.standby());
        put(instance, group);
        closeIfFull(spec, group);
    }

    /** Adds an instance that runs already; there are few. */
    void adopt(PreparedSpec spec, Instance instance) {
        LaunchGroup.Builder group = LaunchGroup.newBuilder().setSpecDigest(spec.digest())
                .setStandby(instance.standby());
        put(instance, group);
        adoptions.add(new Piece.Adoptions(spec, group.build()));
    }

    private static void put(Instance instance, LaunchGroup.Builder group) {
        group.addInstanceIds(instance.number());
        for (int i = 0; i < instance.portCount(); i++) {
            group.addPorts(instance.port(i));
        }
        if (instance.gpus() != 0) {
            group.addGpus(instance.gpus());
        }
    }

    /** Adds a standby that is to serve. */
    void thaw(long instance) {
        thaws.add(instance);
    }

    /** Adds an instance to report anew. */
    void tell(long instance) {
        tell.add(instance);
    }

    /** Adds an instance to end that the agent does not hold. */
    void orphan(long instance) {
        orphans.add(instance);
    }

    /**
     * Adds an instance to end.
     *
     * @param graceMs 0 = the agent's default
     */
    void kill(long instance, long graceMs) {
        kills.add(Kill.newBuilder().setInstanceId(instance).setGraceMs(graceMs).build());
    }

    /** Everything added, in pieces. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>(full);
        launches.values()
                .forEach(group -> pieces
                        .add(new Piece.Launches(group.spec(), group.open().build())));
        pieces.addAll(adoptions);
        for (int from = 0; from < thaws.size(); from += Piece.ITEMS_MAX) {
            pieces.add(new Piece.Thaws(
                    thaws.subList(from, Math.min(thaws.size(), from + Piece.ITEMS_MAX))));
        }
        for (int from = 0; from < kills.size(); from += Piece.ITEMS_MAX) {
            pieces.add(new Piece.Kills(
                    kills.subList(from, Math.min(kills.size(), from + Piece.ITEMS_MAX))));
        }
        for (int from = 0; from < tell.size(); from += Piece.ITEMS_MAX) {
            pieces.add(new Piece.Mends(
                    tell.subList(from, Math.min(tell.size(), from + Piece.ITEMS_MAX)),
                    List.of()));
        }
        for (int from = 0; from < orphans.size(); from += Piece.ITEMS_MAX) {
            pieces.add(new Piece.Mends(List.of(),
                    orphans.subList(from, Math.min(orphans.size(), from + Piece.ITEMS_MAX))));
        }
        return pieces;
    }

    private LaunchGroup.Builder group(PreparedSpec spec, boolean standby) {
        return launches.computeIfAbsent(new Key(spec.digest(), standby),
                key -> new Group(spec, LaunchGroup.newBuilder().setSpecDigest(key.digest())
                        .setStandby(key.standby())))
                .open();
    }

    private void closeIfFull(PreparedSpec spec, LaunchGroup.Builder group) {
        if (group.getInstanceIdsCount() >= Piece.ITEMS_MAX) {
            launches.remove(new Key(spec.digest(), group.getStandby()));
            full.add(new Piece.Launches(spec, group.build()));
        }
    }
}
