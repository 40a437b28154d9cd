package io.springtide.core.placement;

import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Shape;

/**
 * How the wishes of a shape weigh against each other. Without preferences, spreading levels sites
 * first, within them racks, within them agents. With preferences everything is counted in points, and
 * the fewest points win.
 *
 * @param points whether points are counted
 * @param siteUnit what one more instance in the same site costs
 * @param rackUnit what one more instance in the same rack costs
 * @param hostUnit what one more instance on the same agent costs
 */
record Wishes(boolean points, long siteUnit, long rackUnit, long hostUnit) {

    /** More instances of one app than any rack holds, so that a site outweighs all its racks. */
    private static final long SITE_OVER_RACKS = 1L << 24;

    /** What spreading weighs among preferences that say nothing about it. */
    private static final int SITE_WEIGHT = 40;
    private static final int RACK_WEIGHT = 20;
    private static final int HOST_WEIGHT = 10;

    static Wishes of(Shape shape) {
        Preferences preferences = shape.rules().preferences();
        boolean spread = shape.policy() == PlacementPolicy.SPREAD;
        boolean said = preferences.siteWeight() + preferences.rackWeight()
                + preferences.hostWeight() > 0;
        boolean points = said || !preferences.attributes().isEmpty()
                || !preferences.apps().isEmpty();
        if (!points) {
            return spread
                    ? new Wishes(false, SITE_OVER_RACKS, 1, 1)
                    : new Wishes(false, 0, 0, 0);
        }
        if (!said && spread) {
            return new Wishes(true, SITE_WEIGHT, RACK_WEIGHT, HOST_WEIGHT);
        }
        return new Wishes(true, preferences.siteWeight(), preferences.rackWeight(),
                preferences.hostWeight());
    }

    /** The same with more weight on keeping the app's own instances apart. */
    Wishes apart(Preferences.Scope scope, int weight) {
        return switch (scope) {
            case SITE -> new Wishes(true, siteUnit + weight, rackUnit, hostUnit);
            case RACK -> new Wishes(true, siteUnit, rackUnit + weight, hostUnit);
            case HOST -> new Wishes(true, siteUnit, rackUnit, hostUnit + weight);
        };
    }

    /** Whether it matters in which rack or site an agent is. */
    boolean places() {
        return siteUnit > 0 || rackUnit > 0;
    }
}
