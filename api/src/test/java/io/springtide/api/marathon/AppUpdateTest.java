package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppUpdateTest {

    private static final PathId ID = new PathId("/a");

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS.withMesosRole("dev"));

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private App app(String fields) {
        return reader.read(json("{'id':'/a'," + fields + "}"));
    }

    private AppUpdate.Change change(String fields) {
        return (AppUpdate.Change) reader.readUpdate(ID, json("{" + fields + "}"), true);
    }

    private List<String> problems(Runnable attempt) {
        return Fixtures.problems(Fixtures.refusal(attempt));
    }

    @Test
    void keepsWhatIsNotGiven() {
        App before = app(
                "'cmd':'sleep 1','cpus':0.3,'env':{'A':'1','B':'2'},'labels':{'x':'y'},'instances':4");
        App after = reader.apply(
                change("'env':{'C':'3'},'instances':null,'mem':64,'version':null,'id':'/other'"),
                before);
        assertThat(after).isEqualTo(app(
                "'cmd':'sleep 1','cpus':0.3,'env':{'C':'3'},'labels':{'x':'y'},'instances':4,'mem':64"));
        assertThat(reader.apply(change(""), before)).isEqualTo(before);
    }

    @Test
    void scalesWithoutAnotherDefinition() {
        App before = app("'cmd':'sleep 1','instances':1");
        App after = reader.apply(change("'instances':5"), before);
        assertThat(after.instances()).isEqualTo(5);
        assertThat(AppWriter.definition(after)).isEqualTo(AppWriter.definition(before));
    }

    @Test
    void translatesOldFields() {
        App before = app(
                "'container':{'docker':{'image':'x'}},'portDefinitions':[{'port':1},{'port':2}]");
        assertThat(reader.apply(change("'ports':[8080]"), before).networking().portDefinitions())
                .extracting(PortDefinition::port).containsExactly(8080);
        App bridged = reader.apply(change("'container':{'docker':{'image':'x','network':'BRIDGE',"
                + "'portMappings':[{'containerPort':80}]}},'uris':['http://x/a.zip']"), before);
        assertThat(bridged).isEqualTo(
                app("'container':{'docker':{'image':'x'},'portMappings':[{'containerPort':80,"
                        + "'hostPort':0}]},'networks':[{'mode':'container/bridge'}],"
                        + "'fetch':[{'uri':'http://x/a.zip'}]"));
    }

    @Test
    void joinsAndLeavesNetworks() {
        App host = app("'container':{'docker':{'image':'x'}}");
        App named = reader.apply(change("'ipAddress':{'networkName':'n'}"), host);
        assertThat(named)
                .isEqualTo(app("'container':{'docker':{'image':'x'}},'networks':[{'name':'n'}]"));
        assertThat(reader.apply(change("'networks':[{'mode':'host'}]"), named)).isEqualTo(host);
    }

    @Test
    void reportsWhatTheResultBreaks() {
        App before = app("'cmd':'sleep 1'");
        assertThat(problems(() -> change("'cpus':-1"))).containsExactly("/cpus: error.min");
        assertThat(problems(() -> reader.apply(change("'args':['a']"), before))).containsExactly(
                "/: AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.");
        assertThat(problems(() -> reader.create(change("'instances':2")))).hasSize(1);
        assertThat(reader.create(change("'cmd':'sleep 1'"))).isEqualTo(before);
    }

    @Test
    void replacesWithDefaultsForTheRest() {
        AppUpdate update = reader.readUpdate(ID,
                json("{'cmd':'sleep 2','version':'2014-03-01T23:29:30.158Z'}"), false);
        assertThat(update).isEqualTo(new AppUpdate.Replacement(ID, app("'cmd':'sleep 2'"), false,
                false));
    }

    @Test
    void goesBackToAVersion() {
        String version = "'version':'2014-03-01T23:29:30.158Z'";
        assertThat(reader.readUpdate(ID, json("{" + version + ",'id':'/a','cmd':null}"), true))
                .isEqualTo(new AppUpdate.Rollback(ID, 1_393_716_570_158L));
        assertThat(problems(() -> reader.readUpdate(ID, json("{" + version + ",'cpus':1}"), true)))
                .containsExactly(
                        "/: The 'version' field may only be combined with the 'id' field.");
        assertThat(Fixtures.refusal(() -> reader.readUpdate(ID, json("{'version':'old'}"), true))
                .message())
                .isEqualTo("Invalid timestamp provided 'old'. Expecting ISO-8601 datetime string.");
    }

    private List<AppUpdate> readMany(JsonNode body) {
        return AppReader.readUpdates(body, true, id -> reader);
    }

    @Test
    void eachOfManyIsReadByTheReaderOfItsId() {
        AppReader shop = new AppReader(ServerSettings.DEFAULTS.withMesosRole("shop"));
        List<AppUpdate> updates = AppReader.readUpdates(
                json("[{'id':'/shop/a','cmd':'run'},{'id':'/b','cmd':'run'}]"), false,
                id -> id.topGroup().isPresent() ? shop : reader);
        assertThat(updates).extracting(update -> ((AppUpdate.Replacement) update).app().placement()
                .role()).containsExactly("shop", "dev");
    }

    @Test
    void readsManyAtOnce() {
        List<AppUpdate> updates = readMany(
                json("[{'id':'/a','cmd':'sleep 1'},{'id':'b','cpus':2}]"));
        assertThat(updates).extracting(AppUpdate::id).containsExactly(ID, new PathId("/b"));
        assertThat(
                problems(() -> readMany(json("[{'id':'/a'},{'cpus':1},3,{'id':4},{'id':'/A'}]"))))
                .containsExactly("(1)/id: 'id' is undefined on object. Available keys are 'cpus'",
                        "(2): error.expected.jsobject", "(3)/id: error.expected.jsstring",
                        "(4)/id: error.pattern");
        assertThat(problems(() -> readMany(json("[{'id':'/a','cpus':-1}]"))))
                .containsExactly("(0)/cpus: error.min");
        assertThat(problems(() -> readMany(json("[{'id':'/a'},{'id':'a/'}]"))))
                .containsExactly("/: each app may occur once only");
        assertThat(problems(() -> readMany(json("{}"))))
                .containsExactly("/: error.expected.jsarray");
    }

    @Test
    void keepsTheReservationsOfOwnersOfData() {
        App before = app(
                "'cmd':'sleep 1','container':{'type':'MESOS','volumes':[{'containerPath':'d','mode':'RW',"
                        + "'persistent':{'size':1}}]}");
        assertThat(problems(
                () -> reader.apply(change("'cpus':2,'mem':5,'container':{'type':'MESOS','volumes':["
                        + "{'containerPath':'d','mode':'RW','persistent':{'size':2}}]}"), before)))
                .containsExactly(
                        "/: Persistent volumes can not be changed!",
                        "/cpus: Services with persistent volumes configured may not change resource requirements."
                                + " If you need to make this change, please create a new service.",
                        "/mem: Services with persistent volumes configured may not change resource requirements."
                                + " If you need to make this change, please create a new service.");
        assertThat(reader.apply(change("'cmd':'sleep 2'"), before).launch().cmd())
                .hasValue("sleep 2");
        App small = app("'cmd':'sleep 1','cpus':0.5");
        assertThat(problems(() -> reader
                .replace(new AppUpdate.Replacement(ID, small, false, false), before))).hasSize(2);
    }
}
