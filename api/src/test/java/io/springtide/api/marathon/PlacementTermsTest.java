package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PlacementTermsTest {

    private static final String FULL = "{'policy':'Weighted','scorer':'tight','class':'best-effort',"
            + "'priority':'critical','disruptionBudget':0.25,'gpuShare':0.5,"
            + "'spread':{'site':100,'host':10},"
            + "'prefer':[{'attribute':'ssd','is':'true','weight':-7}],"
            + "'near':[{'app':'/db','scope':'rack'}],"
            + "'apart':[{'app':'/web','scope':'host','weight':100,'required':true}]}";

    private static final PathId ID = new PathId("/web");

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS);

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private App read(String placement) {
        return reader.read(json("{'id':'/web','cmd':'sleep 1','placement':" + placement + "}"));
    }

    @Test
    void readsEverything() {
        assertThat(read(FULL).placement().terms()).isEqualTo(new PlacementTerms(
                Optional.of(PlacementTerms.Policy.WEIGHTED), Optional.of("tight"),
                Optional.of(PlacementTerms.ServiceClass.BEST_EFFORT), OptionalInt.of(500),
                OptionalDouble.of(0.25), OptionalDouble.of(0.5),
                Optional.of(new PlacementTerms.Spread(100, 0, 10)),
                List.of(new PlacementTerms.Preference("ssd", "true", -7)),
                List.of(new PlacementTerms.Neighbour(new PathId("/db"), PlacementTerms.Scope.RACK,
                        50, false)),
                List.of(new PlacementTerms.Neighbour(ID, PlacementTerms.Scope.HOST, 100, true))));
        assertThat(read("{}").placement().terms().isEmpty()).isTrue();
        assertThat(read("null").placement().terms().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{'priorty':3}|/placement/priorty|did you mean 'priority'?",
            "{'xyz':3}|/placement/xyz|is not known; policy, scorer, class,",
            "{'priority':1001}|/placement/priority|must be a whole number from -1000 to 1000",
            "{'priority':1.5}|/placement/priority|or one of low, normal, high, critical",
            "{'priority':'hihg'}|/placement/priority|must be a whole number",
            "{'priority':1e400}|/placement/priority|must be a whole number",
            "{'policy':'binpak'}|/placement/policy|did you mean 'binpack'?",
            "{'class':7}|/placement/class|must be one of guaranteed, burstable, best-effort",
            "{'scorer':'No Such'}|/placement/scorer|must be the name of a scorer",
            "{'disruptionBudget':1.1}|/placement/disruptionBudget|must be a number from 0 to 1",
            "{'gpuShare':1}|/placement/gpuShare|must be a part of one GPU",
            "{'gpuShare':0}|/placement/gpuShare|must be a part of one GPU",
            "{'spread':{'zone':1}}|/placement/spread/zone|is not known; site, rack, host are",
            "{'spread':{'site':101}}|/placement/spread/site|must be a whole number from 0 to 100",
            "{'spread':3}|/placement/spread|error.expected.jsobject",
            "{'prefer':[{'attribute':'a'}]}|/placement/prefer(0)/is|'is' is undefined on object",
            "{'prefer':[{'attribute':'a','is':'b','weight':0}]}|/placement/prefer(0)/weight|not be 0",
            "{'near':[{'app':'db'}]}|/placement/near(0)/app|from the root: /group/app",
            "{'near':[{'app':'/'}]}|/placement/near(0)/app|from the root: /group/app",
            "{'near':[{'app':'/a','scope':'zone'}]}|/placement/near(0)/scope|one of host, rack",
            "{'apart':[{'app':'/a','weight':-3}]}|/placement/apart(0)/weight|from 1 to 100",
            "{'apart':[{'app':'/a','required':1}]}|/placement/apart(0)/required|true or false",
            "[]|/placement|error.expected.jsobject"})
    void tellsWhichFieldIsWrongAndWhatWouldBeRight(String placement, String path, String text) {
        MarathonError error = Fixtures.refusal(() -> read(placement));
        assertThat(error.status()).isEqualTo(422);
        assertThat(Fixtures.problems(error)).singleElement().asString().startsWith(path + ": ")
                .contains(text);
    }

    @Test
    void boundsTheTermsAndTheWholeOfNeighbours() {
        String one = "{'app':'/a'}";
        String twenty = "[" + (one + ",").repeat(19) + one + "]";
        assertThat(read("{'near':" + twenty + "}").placement().terms().near()).hasSize(20);
        assertThat(Fixtures.problems(Fixtures.refusal(
                () -> read("{'near':" + twenty + ",'apart':[" + one + "]}")))).singleElement()
                .asString().startsWith("/placement/apart: near and apart must not");
        assertThat(Fixtures.problems(Fixtures.refusal(
                () -> read("{'near':" + twenty.replace("]", "," + one + "]") + "}"))))
                .containsExactly("/placement/near: must have no more than 20 items");
    }

    @Test
    void strictClientsNeitherSeeNorLoseIt() {
        App app = read(FULL);
        var shown = AppWriter.write(app, AppMeta.at(1));
        assertThat(shown.has("placement")).isFalse();
        assertThat(AppWriter.fromDefinition(AppWriter.definition(app), 1)).isEqualTo(app);
        shown.remove(List.of("version", "versionInfo"));
        for (boolean partial : new boolean[]{true, false}) {
            App back = switch (reader.readUpdate(ID, shown, partial)) {
                case AppUpdate.Change change -> reader.apply(change, app);
                case AppUpdate.Replacement replacement -> reader.replace(replacement, app);
                case AppUpdate.Rollback unused -> throw new AssertionError();
            };
            assertThat(back).isEqualTo(app);
        }
    }

    @Test
    void goesAwayWhenAnEmptyOneIsGiven() {
        App app = read(FULL);
        AppUpdate change = reader.readUpdate(ID, json("{'placement':{}}"), true);
        assertThat(reader.apply((AppUpdate.Change) change, app).placement().terms().isEmpty())
                .isTrue();
        AppUpdate whole = reader.readUpdate(ID, json("{'cmd':'sleep 1','placement':{}}"), false);
        assertThat(reader.replace((AppUpdate.Replacement) whole, app)).isEqualTo(read("{}"));
    }

    @Test
    void aShareGoesWithoutWholeGpus() {
        AppReader gpus = new AppReader(new ServerSettings(
                java.util.Set.of(ServerSettings.GPU_RESOURCES), "*", Optional.empty()));
        assertThat(Fixtures.problems(Fixtures.refusal(() -> gpus.read(json(
                "{'id':'/web','cmd':'sleep 1','gpus':1,'placement':{'gpuShare':0.5}}")))))
                .containsExactly(
                        "/placement/gpuShare: goes without whole gpus: set 'gpus' to 0");
    }
}
