package io.springtide.core.elasticity;

import io.springtide.core.Check;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Shape;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Instances of an app for which no agent has room, nor will have when what is ending has ended.
 *
 * @param versionMs the version that waits
 * @param placed by field and value: how many instances are there already that the app's constraints count
 */
public record MachineNeed(AppId app, long versionMs, Shape shape, int count,
        SortedMap<String, SortedMap<String, Integer>> placed) {

    public MachineNeed {
        Check.argument(count > 0, "who needs nothing has no need");
        placed = Collections.unmodifiableSortedMap(new TreeMap<>(placed));
    }

    /** How many are on agents with this value. */
    int placed(String field, String value) {
        SortedMap<String, Integer> values = placed.get(field);
        return values == null ? 0 : values.getOrDefault(value, 0);
    }

    /** The values on which there are some. */
    Set<String> values(String field) {
        return placed.getOrDefault(field, Collections.emptySortedMap()).keySet();
    }
}
