package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppWriterTest {

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS);

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void writesASmallAppWithAllThatClientsRely() {
        App app = reader.read(json("{'id':'a','cmd':'sleep 1'}"));
        assertThat(AppWriter.write(app, new AppMeta(3, 2, 1, List.of(10_004)))).hasToString(
                json("""
                        {'id':'/a','cmd':'sleep 1','executor':'','instances':1,'cpus':1,'mem':128,'disk':0,'gpus':0,
                        'networks':[{'mode':'host'}],
                        'portDefinitions':[{'port':10004,'protocol':'tcp','name':'default','labels':{}}],
                        'requirePorts':false,'role':'*',
                        'backoffSeconds':1,'backoffFactor':1.15,'maxLaunchDelaySeconds':300,
                        'upgradeStrategy':{'minimumHealthCapacity':1,'maximumOverCapacity':1},
                        'unreachableStrategy':{'inactiveAfterSeconds':0,'expungeAfterSeconds':0},
                        'killSelection':'YOUNGEST_FIRST','labels':{},'version':'1970-01-01T00:00:00.003Z',
                        'versionInfo':{'lastScalingAt':'1970-01-01T00:00:00.002Z',
                        'lastConfigChangeAt':'1970-01-01T00:00:00.001Z'}}""")
                        .toString());
    }

    @Test
    void writesContainersAsClientsDereferenceThem() {
        App app = reader
                .read(json("{'id':'a','networks':[{'mode':'container/bridge'}],'container':{"
                        + "'docker':{'image':'x'},'portMappings':[{'servicePort':7},{'containerPort':80}]}}"));
        assertThat(AppWriter.write(app, new AppMeta(0, 0, 0, List.of(1, 10_005))).path("container"))
                .hasToString(
                        json("""
                                {'type':'DOCKER','docker':{'image':'x','forcePullImage':false,'privileged':false,
                                'parameters':[]},'portMappings':[
                                {'containerPort':0,'hostPort':0,'servicePort':7,'protocol':'tcp','labels':{}},
                                {'containerPort':80,'hostPort':0,'servicePort':10005,'protocol':'tcp','labels':{}}],
                                'volumes':[]}""")
                                .toString());
    }

    @Test
    void definitionTellsConfigurationsApart() {
        String one = AppWriter.definition(reader.read(json(
                "{'id':'a','cmd':'sleep 1','env':{'A':'1','B':'2'},'labels':{'x':'1','y':'2'},'instances':3}")));
        assertThat(AppWriter.definition(reader.read(json(
                "{'labels':{'y':'2','x':'1'},'env':{'B':'2','A':'1'},'id':'/a','cmd':'sleep 1','cpus':1.0}"))))
                .isEqualTo(one);
        assertThat(AppWriter.definition(reader.read(json(
                "{'labels':{'y':'2','x':'1'},'env':{'B':'2','A':'2'},'id':'/a','cmd':'sleep 1'}"))))
                .isNotEqualTo(one);
        assertThat(one).doesNotContain("instances", "version");
        assertThat(AppWriter.fromDefinition(one, 3).instances()).isEqualTo(3);
    }

    @Test
    void writesErrorsInMarathonsShapes() {
        assertThat(MarathonError.locked(List.of("d1")).toJson())
                .hasToString("{\"message\":\"App is locked by one or"
                        + " more deployments. Override with the option '?force=true'. View details at"
                        + " '/v2/deployments/<DEPLOYMENT_ID>'.\",\"deployments\":[{\"id\":\"d1\"}]}");
        assertThat(MarathonError.appUnknown(new PathId("/x")).toJson())
                .hasToString("{\"message\":\"App '/x' does not exist\"}");
        assertThat(MarathonError.appVersionUnknown(new PathId("/x"), 0).message())
                .isEqualTo("App '/x' does not exist in version 1970-01-01T00:00:00.000Z");
        assertThat(MarathonError.appExists(new PathId("/x")).message())
                .isEqualTo("An app with id [/x] already exists.");
    }
}
