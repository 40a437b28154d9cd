package io.springtide.cloud.ingress.proxy;

import java.util.List;
import java.util.Map;

/** A traffic table, ready to be asked. */
record Table(long revision, Routes<Served> routes, Map<Integer, Served> ports,
        List<Served> services) {

    static final Table EMPTY = new Table(0, new Routes.Builder<Served>().build(), Map.of(),
            List.of());
}
