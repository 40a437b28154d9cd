package io.springtide.core;

import io.springtide.core.state.Silence;

/**
 * How much silence of agents is believed.
 *
 * @param graceMs at the start of a reign agents get so long to come before any is given up
 * @param settleMs an agent that was given up and is back gets so long to say how its instances are
 *     before it is decided which of them stay
 * @param windowMs over which agents that fall silent are counted
 * @param stormPpm where more than so many millionths of the agents are silent, there is a storm
 * @param stormMin unless no more than so many are
 * @param ratePpm so many millionths of the agents, but at least one, are given up in a window of a storm
 */
public record SilenceSettings(long graceMs, long settleMs, long windowMs, int stormPpm,
        int stormMin, int ratePpm) {

    private static final int PPM = 1_000_000;

    /** 30 % and more than three agents make a storm, 10 % a minute are given up in one. */
    public static final SilenceSettings DEFAULT = new SilenceSettings(5_000, 2_000, 60_000, 300_000,
            3, 100_000);

    public SilenceSettings {
        Check.argument(graceMs >= 0 && settleMs >= 0, "times must not be negative");
        Check.argument(windowMs > 0 && windowMs <= Silence.REMEMBERED_MS,
                "the window of a storm lies within 1 ms and 1 h");
        Check.argument(stormPpm > 0 && stormPpm <= PPM && stormMin > 0,
                "the share of a storm lies within 1 and 1000000 ppm, its least count above zero");
        Check.argument(ratePpm >= 0 && ratePpm <= PPM,
                "the rate of a storm lies within 0 and 1000000 ppm");
    }

    /** The same with another idea of what is a storm. */
    public SilenceSettings withStorm(int ppm, int min, int rate) {
        return new SilenceSettings(graceMs, settleMs, windowMs, ppm, min, rate);
    }

    /** The same with another grace at the start of a reign. */
    public SilenceSettings withGraceMs(long ms) {
        return new SilenceSettings(ms, settleMs, windowMs, stormPpm, stormMin, ratePpm);
    }
}
