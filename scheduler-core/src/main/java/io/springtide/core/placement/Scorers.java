package io.springtide.core.placement;

import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The scorers that apps and roles may name: the built-in ones and what the operator has added. */
public final class Scorers {

    /** Prefers the emptiest agent by its scarcer resource. */
    static final Scorer SPREAD = new Fullness("spread", false);

    /** Prefers the fullest agent by its scarcer resource: whole agents stay free. */
    static final Scorer BINPACK = new Fullness("binpack", true);

    /** Only what is built in. */
    public static final Scorers BUILT_IN = new Scorers(List.of());

    private final TreeMap<String, Scorer> byName = new TreeMap<>();

    /**
     * The built-in ones and these.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public Scorers(Collection<? extends Scorer> added) {
        List.of(SPREAD, BINPACK, new GpuScorer()).forEach(this::add);
        added.forEach(this::add);
    }

    private void add(Scorer scorer) {
        if (byName.put(scorer.name(), scorer) != null) {
            throw new IllegalArgumentException("two scorers are named " + scorer.name());
        }
    }

    /** The scorer of this name. */
    public Optional<Scorer> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All names, sorted. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    Scorer of(PlacementPolicy policy) {
        return switch (policy) {
            case SPREAD, WEIGHTED -> SPREAD;
            case BINPACK -> BINPACK;
            case GPU_FRAGMENTATION -> named(GpuScorer.NAME).orElse(BINPACK);
        };
    }

    private record Fullness(String name, boolean full) implements Scorer {

        @Override
        public long score(Offer offer, Resources need) {
            long load = Math.max(offer.cpusLoad(), offer.memLoad());
            return full ? SCORE_MAX - load : load;
        }
    }
}
