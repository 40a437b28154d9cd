package io.springtide.master.http;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Levels of the loggers of this process, and what goes back to what it was after a time. Only loggers that
 * exist can be set, so that nobody fills the memory with names. For use by several threads.
 */
final class LogLevels {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);

    /** Set for a time: the level of before, none if it was the parent's. */
    private record Temporary(Optional<Level> before, long timer) {}

    private final Map<String, Temporary> temporary = new HashMap<>();

    /** Levels by logger; those that a logger has from its parent are marked. */
    Map<String, String> all() {
        Map<String, String> levels = new TreeMap<>();
        for (Logger logger : context().getLoggerList()) {
            levels.put(logger.getName(), own(logger).map(level -> level.levelStr)
                    .orElseGet(() -> logger.getEffectiveLevel().levelStr + " (inherited)"));
        }
        return levels;
    }

    /**
     * Sets a level. Set again while it holds for a time, it later goes back to what it was at first.
     *
     * @param seconds for so long; without it until the next change
     * @return false if there is no such logger
     */
    synchronized boolean set(Vertx vertx, String name, Level level, OptionalInt seconds) {
        Optional<Logger> found = Optional.ofNullable(context().exists(name));
        if (found.isEmpty()) {
            return false;
        }
        Logger logger = found.get();
        Optional<Level> before = own(logger);
        Temporary running = temporary.remove(name);
        if (running != null) {
            vertx.cancelTimer(running.timer());
            before = running.before();
        }
        if (seconds.isPresent()) {
            Optional<Level> origin = before;
            temporary.put(name, new Temporary(before, vertx.setTimer(
                    TimeUnit.SECONDS.toMillis(seconds.getAsInt()),
                    timer -> restore(logger, timer, origin))));
        }
        logger.setLevel(level);
        LOG.info("log-level logger={} level={} seconds={}", name, level,
                seconds.isPresent() ? seconds.getAsInt() : "-");
        return true;
    }

    private synchronized void restore(Logger logger, long timer, Optional<Level> before) {
        Temporary running = temporary.get(logger.getName());
        // A change that came while the timer was on its way here has put another in its place.
        if (running != null && running.timer() == timer) {
            temporary.remove(logger.getName());
            logger.setLevel(before.orElse(null));
            LOG.info("log-level-restored logger={} level={}", logger.getName(),
                    logger.getEffectiveLevel());
        }
    }

    private static Optional<Level> own(Logger logger) {
        @Nullable
        Level level = logger.getLevel();
        return Optional.ofNullable(level);
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
