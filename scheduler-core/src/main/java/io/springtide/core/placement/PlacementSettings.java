package io.springtide.core.placement;

import io.springtide.core.Check;

/**
 * What an operator may set about placement.
 *
 * @param scorers that apps and roles may name
 * @param slackMarginPpm so many millionths of an agent are never given to best-effort instances
 */
public record PlacementSettings(Scorers scorers, int slackMarginPpm) {

    private static final int PPM = 1_000_000;

    /** Built-in scorers, a tenth kept as a margin. */
    public static final PlacementSettings DEFAULT = new PlacementSettings(Scorers.BUILT_IN,
            PPM / 10);

    public PlacementSettings {
        Check.argument(slackMarginPpm >= 0 && slackMarginPpm <= PPM,
                "the margin of slack lies within 0 and 1");
    }
}
