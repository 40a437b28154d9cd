package io.springtide.core.purity;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** One law broken by each nested class: proof that the rules of purity can fail. */
public final class Impure {

    private Impure() {}

    static final class ReadsTheClock {
        long now() {
            return System.currentTimeMillis();
        }
    }

    static final class ReadsTheOtherClock {
        long now() {
            return System.nanoTime();
        }
    }

    static final class DrawsChance {
        Random random() {
            return new Random();
        }
    }

    static final class DrawsOtherChance {
        SplittableRandom random() {
            return new SplittableRandom();
        }
    }

    static final class DrawsIds {
        String id() {
            return UUID.randomUUID().toString();
        }
    }

    static final class Draws {
        double chance() {
            return Math.random();
        }
    }

    static final class HashesInAMap {
        Map<String, String> map() {
            return new HashMap<>();
        }
    }

    static final class HashesInASet {
        Collection<String> set() {
            return new HashSet<>();
        }
    }

    static final class SaltedSet {
        Set<String> set() {
            return Set.of("a", "b");
        }
    }

    static final class SaltedMap {
        Map<String, String> map() {
            return Map.of("a", "b");
        }
    }

    static final class CollectsToASet {
        Set<String> set(List<String> names) {
            return names.stream().collect(Collectors.toSet());
        }
    }

    static final class StartsThreads {
        Thread thread() {
            return Thread.ofVirtual().unstarted(() -> {
            });
        }
    }

    static final class SharesCounters {
        AtomicLong counter() {
            return new AtomicLong();
        }
    }

    static final class ReadsTheEnvironment {
        boolean set() {
            return System.getenv().isEmpty();
        }
    }

    static final class TouchesFiles {
        Path path() {
            return Path.of("journal");
        }
    }
}
