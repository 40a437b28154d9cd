package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RolloutTermsTest {

    private static final String FULL = "{'strategy':'Rolling','canary':[{'instances':1,'pause':true},"
            + "{'percent':25,'pause':60},{'percent':50}],'minimumHealthy':3,'maximumOver':1,"
            + "'deadlineSeconds':600,'onDeadline':'rollback',"
            + "'rollback':{'failures':3,'windowSeconds':300}}";

    private static final PathId ID = new PathId("/web");

    private static final String DATA = "'container':{'type':'MESOS','volumes':[{'containerPath':'d',"
            + "'mode':'RW','persistent':{'size':1}}]}";

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS.withMesosRole("dev"));

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private App read(String rollout) {
        return reader.read(json("{'id':'/web','cmd':'sleep 1','rollout':" + rollout + "}"));
    }

    @Test
    void readsEverything() {
        assertThat(read(FULL).rollout().terms()).isEqualTo(new RolloutTerms(
                Optional.of(RolloutTerms.Strategy.ROLLING),
                List.of(new RolloutTerms.Stage(new RolloutTerms.Size.Instances(1),
                        new RolloutTerms.Pause.UntilPromoted()),
                        new RolloutTerms.Stage(new RolloutTerms.Size.Percent(25),
                                new RolloutTerms.Pause.Seconds(60)),
                        new RolloutTerms.Stage(new RolloutTerms.Size.Percent(50),
                                new RolloutTerms.Pause.None())),
                Optional.empty(), OptionalInt.of(3), OptionalInt.of(1), OptionalInt.of(600),
                Optional.of(RolloutTerms.OnDeadline.ROLLBACK),
                Optional.of(new RolloutTerms.FailureLimit(3, 300))));
        RolloutTerms blueGreen = read("{'strategy':'bluegreen','promote':'manual'}").rollout()
                .terms();
        assertThat(blueGreen.isBlueGreen()).isTrue();
        assertThat(blueGreen.isPromotedByHand()).isTrue();
        assertThat(read("{}").rollout().terms().isEmpty()).isTrue();
        assertThat(read("null").rollout().terms()).isEqualTo(RolloutTerms.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "{'stratgy':'rolling'}|/rollout/stratgy|did you mean 'strategy'?",
            "{'strategy':'canary'}|/rollout/strategy|must be one of rolling, blueGreen",
            "{'canary':{}}|/rollout/canary|error.expected.jsarray",
            "{'canary':[{}]}|/rollout/canary(0)|must have one of instances and percent",
            "{'canary':[{'instances':1,'percent':2}]}|/rollout/canary(0)|must have one of",
            "{'canary':[7]}|/rollout/canary(0)|error.expected.jsobject",
            "{'canary':[{'instances':0}]}|/rollout/canary(0)/instances|from 1 to 1000000",
            "{'canary':[{'percent':101}]}|/rollout/canary(0)/percent|number from 1 to 100",
            "{'canary':[{'percent':0.5}]}|/rollout/canary(0)/percent|must be a whole number",
            "{'canary':[{'percent':5,'pause':false}]}|/rollout/canary(0)/pause|must be true, or",
            "{'canary':[{'percent':5,'pause':0}]}|/rollout/canary(0)/pause|from 1 to 2592000",
            "{'canary':[{'percent':5,'pauses':1}]}|/rollout/canary(0)/pauses|did you mean 'pause'",
            "{'canary':[{'percent':5},{'instances':9},{'percent':5}]}"
                    + "|/rollout/canary(2)/percent|must be more than the 5 of an earlier stage",
            "{'canary':[{'instances':5},{'instances':4}]}|/rollout/canary(1)/instances|than the 5",
            "{'strategy':'blueGreen','canary':[{'percent':5}]}|/rollout/canary|rolling only",
            "{'promote':'manual'}|/rollout/promote|goes with strategy blueGreen only",
            "{'strategy':'blueGreen','promote':'hand'}|/rollout/promote|one of auto, manual",
            "{'minimumHealthy':-1}|/rollout/minimumHealthy|from 0 to 1000000",
            "{'maximumOver':'25%'}|/rollout/maximumOver|must be a whole number",
            "{'deadlineSeconds':0}|/rollout/deadlineSeconds|from 1 to 2592000",
            "{'onDeadline':'stop'}|/rollout/onDeadline|needs deadlineSeconds",
            "{'deadlineSeconds':9,'onDeadline':'halt'}|/rollout/onDeadline|one of stop, rollback",
            "{'rollback':true}|/rollout/rollback|error.expected.jsobject",
            "{'rollback':{'failures':1}}|/rollout/rollback/windowSeconds|is undefined on object",
            "{'rollback':{'failures':0,'windowSeconds':9}}|/rollout/rollback/failures|from 1 to",
            "[]|/rollout|error.expected.jsobject"})
    void tellsWhichFieldIsWrongAndWhatWouldBeRight(String rollout, String path, String text) {
        MarathonError error = Fixtures.refusal(() -> read(rollout));
        assertThat(error.status()).isEqualTo(422);
        assertThat(Fixtures.problems(error)).singleElement().asString().startsWith(path + ": ")
                .contains(text);
    }

    @Test
    void boundsTheStages() {
        StringBuilder stages = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            stages.append("{'instances':").append(i).append("},");
        }
        String twenty = stages.substring(0, stages.length() - 1);
        assertThat(read("{'canary':[" + twenty + "]}").rollout().terms().canary()).hasSize(20);
        assertThat(Fixtures.problems(Fixtures.refusal(
                () -> read("{'canary':[" + twenty + ",{'instances':21}]}"))))
                .containsExactly("/rollout/canary: must have no more than 20 stages");
    }

    @Test
    void whatCannotRunTwiceIsNotReplacedSideBySide() {
        String wish = "'rollout':{'strategy':'blueGreen','maximumOver':1,'minimumHealthy':1}}";
        assertThat(Fixtures.problems(Fixtures.refusal(() -> reader.read(json(
                "{'id':'/web','cmd':'sleep 1','labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},"
                        + wish)))))
                .containsExactly("/rollout/strategy: blueGreen runs two versions side by side,"
                        + " which a single instance app must not",
                        "/rollout/maximumOver: must be 0 for a single instance app",
                        "/rollout/minimumHealthy: must be 0 for a single instance app");
        assertThat(Fixtures.problems(Fixtures.refusal(() -> reader
                .read(json("{'id':'/web','cmd':'sleep 1'," + DATA + "," + wish)))))
                .containsExactly("/rollout/strategy: blueGreen runs two versions side by side,"
                        + " which an app that owns data must not",
                        "/rollout/maximumOver: must be 0 for an app that owns data");
    }

    @Test
    void aStageIsNeverMoreThanWanted() {
        List<RolloutTerms.Stage> stages = read("{'canary':[{'instances':3},{'percent':25}]}")
                .rollout().terms().canary();
        assertThat(stages).extracting(stage -> stage.instancesOf(10)).containsExactly(3, 3);
        assertThat(stages).extracting(stage -> stage.instancesOf(2)).containsExactly(2, 1);
        assertThat(stages).extracting(stage -> stage.instancesOf(0)).containsExactly(0, 0);
        assertThat(stages).extracting(stage -> stage.instancesOf(Integer.MAX_VALUE))
                .containsExactly(3, 536_870_912);
    }

    @Test
    void strictClientsNeitherSeeNorLoseIt() {
        App app = read(FULL);
        var shown = AppWriter.write(app, AppMeta.at(1));
        assertThat(shown.has("rollout")).isFalse();
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
        shown.set("rollout", AppWriter.rollout(app));
        assertThat(reader.read(shown)).isEqualTo(app);
    }

    @Test
    void goesAwayWhenAnEmptyOneIsGiven() {
        App app = read(FULL);
        AppUpdate change = reader.readUpdate(ID, json("{'rollout':{}}"), true);
        assertThat(reader.apply((AppUpdate.Change) change, app)).isEqualTo(read("{}"));
        AppUpdate whole = reader.readUpdate(ID, json("{'cmd':'sleep 1','rollout':{}}"), false);
        assertThat(reader.replace((AppUpdate.Replacement) whole, app)).isEqualTo(read("{}"));
    }

    @Test
    void eachOfOurObjectsIsKeptForItself() {
        App app = reader.read(json("{'id':'/web','cmd':'sleep 1','placement':{'priority':7},"
                + "'rollout':{'deadlineSeconds':9}}"));
        AppUpdate whole = reader.readUpdate(ID,
                json("{'cmd':'sleep 2','rollout':{'deadlineSeconds':5}}"), false);
        App after = reader.replace((AppUpdate.Replacement) whole, app);
        assertThat(after.placement().terms().priority()).hasValue(7);
        assertThat(after.rollout().terms().deadlineSeconds()).hasValue(5);
    }

    @Test
    void whatIsKeptMustGoWithWhatIsNew() {
        App app = read("{'strategy':'blueGreen'}");
        AppUpdate whole = reader.readUpdate(ID, json("{'cmd':'sleep 1'," + DATA + "}"), false);
        assertThat(Fixtures.problems(Fixtures.refusal(
                () -> reader.replace((AppUpdate.Replacement) whole, app)))).singleElement()
                .asString().startsWith("/rollout/strategy: ");
    }
}
