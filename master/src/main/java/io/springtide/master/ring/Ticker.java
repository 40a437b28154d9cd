package io.springtide.master.ring;

import io.springtide.core.command.Command;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells the engine that time passes. A tick that finds the ring full is left out: the next one will do. */
final class Ticker implements AutoCloseable {

    /** The grain of every timeout in the core. */
    private static final long TICK_MS = 100;

    private static final Command TICK = new Command.Tick();

    private final CommandPort commands;
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("ticker").daemon(true).factory());

    Ticker(CommandPort commands) {
        this.commands = commands;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a tick has no answer, and its failure stops the engine
    void start() {
        timer.scheduleAtFixedRate(() -> commands.submit(TICK), TICK_MS, TICK_MS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
