package io.springtide.api.marathon;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Copies for records: unmodifiable, and sorted where JSON has no order, so that equal apps are written alike. */
final class Copies {

    private Copies() {}

    static <V> Map<String, V> sorted(Map<String, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
