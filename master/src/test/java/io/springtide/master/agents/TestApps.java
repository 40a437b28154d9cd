package io.springtide.master.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/** Apps as the core knows them, from Marathon's JSON. */
final class TestApps {

    static final long GRACE_MS = 4_000;

    private TestApps() {}

    /** An app whose tasks take so many host ports. */
    static AppSpec spec(String json, int instances, int hostPorts) {
        App app = app(json);
        return spec(app.id().path(), AppWriter.definition(app), instances, hostPorts);
    }

    static AppSpec spec(String id, String definition, int instances, int hostPorts) {
        return new AppSpec(new AppId(id), definition, instances,
                new Shape(new Resources(100, 32, 0, 0), Collections.nCopies(hostPorts, 0),
                        RuntimeKind.PROCESS, PlacementPolicy.SPREAD),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DEFAULT, GRACE_MS, false, Collections.nCopies(hostPorts, 10_007));
    }

    /** The same app with another shape of its instances. */
    static AppSpec shaped(AppSpec spec, Resources resources, Rules rules) {
        return spec.withShape(new Shape(resources, spec.shape().hostPorts(),
                spec.shape().runtime(), spec.shape().policy(), rules));
    }

    static AppVersion version(AppSpec spec) {
        return new AppVersion(spec, 1_393_716_570_158L, 1_393_716_570_158L, 1_393_716_570_158L);
    }

    static Command submit(AppSpec spec) {
        return new Command.SubmitApps(
                List.of(new Command.AppChange(spec, Command.AppChange.ANY)), true);
    }

    /** An app that sleeps, with one port. */
    static Command submitSleeper(String id, int instances) {
        return submit(spec("{'id':'" + id + "','cmd':'sleep 1000','portDefinitions':[{'port':0}]}",
                instances, 1));
    }

    private static App app(String json) {
        try {
            return new AppReader(ServerSettings.DEFAULTS)
                    .read(new ObjectMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }
}
