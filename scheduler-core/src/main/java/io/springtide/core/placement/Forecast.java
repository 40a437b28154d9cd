package io.springtide.core.placement;

import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** A stand-in until the real one is merged: resources only. */
public final class Forecast {

    private Forecast() {}

    /** How many instances would find a place, and where. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Fit(int placeable, int[] agentRows, Rejections why) {}

    /** What of an app would not fit. */
    public record Unfit(AppId app, int missing, Rejections why) {}

    /** What the loss of agents would do. */
    public record Outage(int displaced, int placed, List<Unfit> unfit) {

        public Outage {
            unfit = List.copyOf(unfit);
        }
    }

    /** Would it fit? */
    public static Fit fit(ClusterState state, AppSpec spec) {
        return fit(state, spec, spec.instances(), row -> false);
    }

    private static Fit fit(ClusterState state, AppSpec spec, int count, IntPredicate gone) {
        Offers offers = new Offers(state.agents());
        int[] vetoes = new int[Rejection.values().length];
        int[] rows = new int[count];
        int placed = 0;
        int asked = 0;
        for (int row = 0; row < offers.rows(); row++) {
            if (!state.agents().present(row) || gone.test(row)) {
                continue;
            }
            asked++;
            int room = offers.room(row, spec.shape(), vetoes);
            while (room-- > 0 && placed < count) {
                rows[placed++] = row;
            }
        }
        return new Fit(placed, Arrays.copyOf(rows, placed),
                placed == count ? Rejections.NONE : new Rejections(asked, vetoes));
    }

    /** What would the loss of agents do? */
    public static Outage without(ClusterState state, IntPredicate gone) {
        int[] displaced = {0};
        int[] placed = {0};
        List<Unfit> unfit = new ArrayList<>();
        state.apps().values().forEach(app -> {
            InstanceList instances = app.instances();
            int lost = 0;
            for (int i = 0; i < instances.size(); i++) {
                lost += gone.test(instances.get(i).agentRow()) ? 1 : 0;
            }
            Fit fit = fit(state, app.current().spec(), lost, gone);
            displaced[0] += lost;
            placed[0] += fit.placeable();
            if (fit.placeable() < lost) {
                unfit.add(new Unfit(app.id(), lost - fit.placeable(), fit.why()));
            }
        });
        return new Outage(displaced[0], placed[0], unfit);
    }
}
