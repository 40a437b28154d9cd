package io.springtide.core.state;

import io.springtide.core.codec.CheckCodec;
import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.model.CheckResult;

/** What instances were answered by checks, as the last part of a {@link StateSnapshot}. */
final class ChecksSnapshot {

    private ChecksSnapshot() {}

    /** Only of those that have been asked: few apps have a check. */
    static void write(FactWriter out, ClusterState state) {
        int asked = 0;
        for (AppState app : state.apps.values()) {
            asked += asked(app);
        }
        out.number(asked);
        for (AppState app : state.apps.values()) {
            for (int i = 0; i < app.instances.size(); i++) {
                Instance instance = app.instances.get(i);
                if (!instance.check.equals(CheckResult.NONE)) {
                    out.number(instance.number);
                    CheckCodec.write(out, instance.check);
                }
            }
        }
    }

    private static int asked(AppState app) {
        int asked = 0;
        for (int i = 0; i < app.instances.size(); i++) {
            asked += app.instances.get(i).check.equals(CheckResult.NONE) ? 0 : 1;
        }
        return asked;
    }

    static void read(FactReader in, ClusterState state) {
        for (int i = in.count(); i > 0; i--) {
            Instance instance = state.instance(in.number())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "a snapshot has an answer of an instance that it does not hold"));
            instance.check = CheckCodec.read(in);
        }
    }
}
