package io.springtide.core.state;

import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.codec.ScalingCodec;
import io.springtide.core.model.AppId;
import java.util.ArrayList;
import java.util.List;

/** The scaling policies of apps, what they have decided, and which standbys are ending, as bytes and back. */
final class ScalingSnapshot {

    private ScalingSnapshot() {}

    static void write(FactWriter out, ClusterState state) {
        List<AppState> elastic = state.apps.values().stream()
                .filter(app -> app.scaling().isPresent()).toList();
        out.number(elastic.size());
        for (AppState app : elastic) {
            out.text(app.id.path());
            ScalingCodec.write(out, app.scaling().orElseThrow());
            out.number(app.scaled);
            out.number(app.scalings.size());
            app.scalings.forEach(decision -> ScalingCodec.write(out, decision));
        }
        List<Long> ending = new ArrayList<>();
        for (AppState app : state.apps.values()) {
            for (int i = 0; app.spare > app.standbys && i < app.instances.size(); i++) {
                Instance one = app.instances.get(i);
                if (one.spare && !one.standby()) {
                    ending.add(one.number);
                }
            }
        }
        out.number(ending.size());
        ending.forEach(out::number);
    }

    static void read(FactReader in, ClusterState state) {
        for (int i = in.count(); i > 0; i--) {
            AppState app = state.apps.get(new AppId(in.text()));
            if (app == null) {
                throw new IllegalArgumentException(
                        "a snapshot has a policy of an app that it does not hold");
            }
            app.scaling = ScalingCodec.readPolicy(in);
            app.scaled = in.smallNumber();
            for (int j = in.count(); j > 0; j--) {
                ScalingFacts.remember(app, ScalingCodec.readDecision(in));
            }
        }
        for (int i = in.count(); i > 0; i--) {
            Instance ending = state.instances.get(in.number());
            if (ending == null || ending.spare) {
                throw new IllegalArgumentException(
                        "a snapshot has a standby that ends and that it does not hold");
            }
            ending.spare = true;
            ending.app.spare++;
        }
    }
}
