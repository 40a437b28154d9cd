package io.springtide.master.http;

import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FunnelTest {

    private static AppSpec spec(Resources resources, Constraint... constraints) {
        return new AppSpec(new AppId("/a"), "{}", 1,
                new Shape(resources, List.of(), RuntimeKind.DOCKER, PlacementPolicy.SPREAD)
                        .withRules(Rules.NONE.withConstraints(constraints).withRole("dev")),
                Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                Unreachable.DEFAULT, 0, false, List.of());
    }

    @SuppressWarnings("EnumOrdinal") // counts lie in that order
    private static int[] counts(Map<Rejection, Integer> given) {
        int[] counts = new int[Rejection.values().length];
        given.forEach((rejection, count) -> counts[rejection.ordinal()] = count);
        return counts;
    }

    @Test
    void saysWhereEachAgentIsLost() {
        AppSpec spec = spec(new Resources(1_000, 10, 0, 0),
                new Constraint("@zone", Constraint.Operator.GROUP_BY, "2"),
                new Constraint("rack", Constraint.Operator.UNIQUE, ""));
        Funnel funnel = new Funnel(spec, new Rejections(5_000,
                counts(Map.of(Rejection.CPUS, 1_200, Rejection.CONSTRAINT, 40, Rejection.QUOTA,
                        3_750, Rejection.RUNTIME, 10)),
                new int[]{0, 40},
                Optional.of(new Rejections.Closest("agent-17", Rejection.CPUS, 300))));
        assertThat(funnel.sentence()).isEqualTo("5 000 agents, 10 without the runtime docker,"
                + " 1 200 without cpu, 40 by rack UNIQUE, 3 750 by the quota of role dev, 0 left;"
                + " closest: agent-17, short of 0.3 cpu");
        assertThat(funnel.json().path(2).toString()).isEqualTo("{\"reason\":\"constraint\","
                + "\"count\":40,\"text\":\"by rack UNIQUE\",\"constraint\":[\"rack\",\"UNIQUE\"]}");
        var node = Json.object();
        funnel.putClosest(node);
        assertThat(node.toString()).isEqualTo("{\"closest\":{\"agent\":\"agent-17\","
                + "\"reason\":\"cpus\",\"missing\":0.3,\"text\":\"short of 0.3 cpu\"}}");
    }

    @ParameterizedTest
    @CsvSource({"CPUS,60000,short of 60 cpu", "MEMORY,512,short of 512 MiB of memory",
            "DISK,1,short of 1 MiB of disk", "PORTS,1,short of 1 port",
            "PORTS,2,short of 2 ports", "GPUS,1,without gpu",
            "SLACK,250,short of 0.25 cpu of measured slack",
            "HELD,0,held for an app that has waited longer",
            "ROLE,0,reserved for other roles"})
    void saysWhatTheClosestLacks(Rejection reason, long missing, String text) {
        Funnel funnel = new Funnel(spec(new Resources(1, 1, 0, 0, 500)),
                new Rejections(1, counts(Map.of(reason, 1)), new int[0],
                        Optional.of(new Rejections.Closest("a", reason, missing))));
        assertThat(funnel.sentence()).endsWith("0 left; closest: a, " + text);
    }
}
