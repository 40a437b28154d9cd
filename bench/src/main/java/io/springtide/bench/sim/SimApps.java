package io.springtide.bench.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
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

/** One of the apps of a run: always of the same kind, and each time with another configuration. */
final class SimApps {

    private static final String MARK = "run-0-0";
    private static final Backoff BACKOFF = new Backoff(500, 1_150_000, 5_000);
    private static final long GRACE_MS = 3_000;
    private static final List<Unreachable> STRATEGIES = List.of(Unreachable.DEFAULT,
            new Unreachable(true, 0, 20_000), new Unreachable(true, 10_000, 40_000),
            Unreachable.DISABLED);
    private static final List<Upgrade> UPGRADES = List.of(Upgrade.DEFAULT,
            new Upgrade(500_000, 0), new Upgrade(0, 0), new Upgrade(1_000_000, 250_000));

    final AppId id;
    final int instancesMax;
    private final String definition;
    private final Shape shape;
    private final Upgrade upgrade;
    private final Unreachable unreachable;
    private final boolean checked;
    private final KillSelection selection;

    SimApps(int number, int agents, Dice dice) {
        this.id = new AppId("/app-" + number);
        int ports = dice.within(0, 3);
        boolean unique = dice.percent(15);
        this.checked = dice.percent(50);
        this.upgrade = UPGRADES.get(dice.within(0, UPGRADES.size()));
        this.unreachable = STRATEGIES.get(dice.percent(10)
                ? STRATEGIES.size() - 1
                : dice.within(0, STRATEGIES.size() - 1));
        this.selection = dice.percent(50)
                ? KillSelection.YOUNGEST_FIRST
                : KillSelection.OLDEST_FIRST;
        this.instancesMax = Math.max(1, unique ? agents / 3 : agents);
        this.shape = new Shape(
                new Resources(dice.within(1, 8) * 250L, dice.within(1, 8) * 128L, 0, 0),
                Collections.nCopies(ports, 0), RuntimeKind.PROCESS,
                dice.percent(50) ? PlacementPolicy.SPREAD : PlacementPolicy.BINPACK,
                unique ? Rules.NONE.withConstraints(World.UNIQUE) : Rules.NONE);
        this.definition = definition(ports);
    }

    private String definition(int ports) {
        String json = "{'id':'" + id.path() + "','cmd':'" + MARK + "','portDefinitions':["
                + String.join(",", Collections.nCopies(ports, "{'port':0}")) + "]"
                + (checked
                        ? ",'healthChecks':[{'protocol':'COMMAND','command':{'value':'true'},"
                                + "'intervalSeconds':5,'maxConsecutiveFailures':3}]"
                        : "")
                + "}";
        try {
            return AppWriter.definition(new AppReader(ServerSettings.DEFAULTS)
                    .read(new ObjectMapper().readTree(json.replace('\'', '"'))));
        } catch (JsonProcessingException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** The app as somebody wants it. */
    AppSpec spec(int configuration, int instances) {
        return new AppSpec(id, definition.replace(MARK, mark(configuration)), instances, shape,
                BACKOFF, upgrade, selection, unreachable, GRACE_MS, checked,
                Collections.nCopies(shape.hostPorts().size(), 0));
    }

    /** Whether a spec is of this configuration. */
    static boolean is(AppSpec spec, int configuration) {
        return spec.definition().contains("\"" + mark(configuration) + "\"");
    }

    private static String mark(int configuration) {
        return "run-" + configuration + "-x";
    }
}
