package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AppReaderTest {

    private static final ServerSettings ALL = new ServerSettings(
            Set.of(ServerSettings.SECRETS, ServerSettings.GPU_RESOURCES,
                    ServerSettings.EXTERNAL_VOLUMES),
            "dev",
            Optional.of("overlay"));

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS);

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private App read(String text) {
        return reader.read(json(text));
    }

    private List<String> problems(String text) {
        return Fixtures.problems(Fixtures.refusal(() -> read(text)));
    }

    private static List<String> problemsOf(ServerSettings settings, String text) {
        return Fixtures.problems(Fixtures.refusal(() -> new AppReader(settings).read(json(text))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'cpus':1e400|/cpus: error.expected.jsnumber",
            "'cpus':-1e400|/cpus: error.expected.jsnumber",
            "'cpus':'1'|/cpus: error.expected.jsnumber",
            "'instances':1e400|/instances: error.expected.int",
            "'instances':2147483648|/instances: error.expected.int",
            "'instances':99999999999999999999|/instances: error.expected.int",
            "'instances':true|/instances: error.expected.jsnumber",
            "'requirePorts':'true'|/requirePorts: error.expected.jsboolean",
            "'args':'x'|/args: error.expected.jsarray",
            "'args':[1]|/args(0): error.expected.jsstring",
            "'env':[]|/env: error.expected.jsobject",
            "'env':{'A':1}|/env/A: error.expected.jsstring",
            "'labels':{'A':{}}|/labels/A: error.expected.jsstring",
            "'killSelection':1|/killSelection: error.unknown.enum.literal",
            "'fetch':[{'uri':''}]|/fetch(0)/uri: error.minLength",
            "'portDefinitions':[{'name':'A'}]|/portDefinitions(0)/name: error.pattern",
            "'unreachableStrategy':'enabled'|/unreachableStrategy: error.unknown.enum.literal",
            "'unreachableStrategy':7|/unreachableStrategy: error.expected.jsobject",
            "'container':{'volumes':[3]}|/container/volumes(0): error.expected.jsobject",
            "'taskKillGracePeriodSeconds':-1|/taskKillGracePeriodSeconds: error.min"})
    void reportsShapesInPlayJsonsWords(String field, String problem) {
        MarathonError error = Fixtures
                .refusal(() -> read("{'id':'/a','cmd':'sleep 1'," + field + "}"));
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.message()).isEqualTo("Invalid JSON");
        assertThat(Fixtures.problems(error)).containsExactly(problem);
    }

    @Test
    void reportsAllOfAPhaseAtOnceAndNoLaterPhase() {
        assertThat(problems("{'cpus':-1,'mem':'x','constraints':[['a','b']],'cmd':''}"))
                .containsExactly(
                        "/id: 'id' is undefined on object. Available keys are 'cpus', 'mem', 'constraints', 'cmd'",
                        "/cmd: error.minLength", "/cpus: error.min",
                        "/mem: error.expected.jsnumber");
    }

    @Test
    void boundsTheReport() {
        String items = "[3],".repeat(30_000) + "[3]";
        assertThat(problems("{'id':'/a','constraints':[" + items + "]}"))
                .hasSize(Violations.PATHS_MAX);
    }

    @Test
    void takesNullForAbsentAndForgivesUnknownFields() {
        App plain = read("{'id':'a','cmd':'sleep 1'}");
        assertThat(read(
                "{'id':'a','cmd':'sleep 1','args':null,'container':null,'ports':null,'cpus':null,"
                        + "'env':null,'tasksRunning':3,'whatever':{'x':[]}}"))
                .isEqualTo(plain);
        assertThat(plain.id()).isEqualTo(new PathId("/a"));
        assertThat(plain.networking().portDefinitions())
                .containsExactly(new PortDefinition(0, PortProtocol.TCP,
                        Optional.of("default"), Map.of()));
    }

    @Test
    void readsWordsInAnyCase() {
        App app = read(
                "{'id':'a','killSelection':'oldest_first','constraints':[['hostname','unique']],"
                        + "'networks':[{'mode':'CONTAINER/Bridge'}],'container':{'type':'docker',"
                        + "'docker':{'image':'x'},"
                        + "'portMappings':[{'protocol':'UDP'}],"
                        + "'volumes':[{'containerPath':'/a','hostPath':'/b','mode':'ro'}]},"
                        + "'healthChecks':[{'protocol':'http','ipProtocol':'ipv4'}]}");
        assertThat(app.rollout().killSelection()).isEqualTo(Rollout.KillSelection.OLDEST_FIRST);
        assertThat(app.placement().constraints().getFirst().operator())
                .isEqualTo(Constraint.Operator.UNIQUE);
        assertThat(app.networking().isBridge()).isTrue();
        PortMapping mapping = app.container().orElseThrow().portMappings().getFirst();
        assertThat(mapping.hostPort()).isEqualTo(OptionalInt.of(0));
        assertThat(mapping.protocol()).isEqualTo(PortProtocol.UDP);
        assertThat(app.checks().healthChecks().getFirst().portIndex()).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void resolvesIdsAgainstTheirGroup() {
        App app = reader.read(json("{'id':'web','cmd':'sleep 1','dependencies':['../db','/x']}"),
                new PathId("/shop"), "/apps(0)");
        assertThat(app.id()).isEqualTo(new PathId("/shop/web"));
        assertThat(app.dependencies()).containsExactly(new PathId("/shop/db"), new PathId("/x"));
        assertThat(Fixtures.problems(
                Fixtures.refusal(() -> reader.read(json("{'id':'web'}"), PathId.ROOT, "/apps(3)"))))
                .containsExactly(
                        "/apps(3): AppDefinition must either contain one of 'cmd' or 'args', and/or a"
                                + " 'container'.");
        assertThat(problems("{'id':'web','cmd':'sleep 1','dependencies':['/A']}"))
                .containsExactly(
                        "/dependencies(0): must fully match regular expression of an app id");
    }

    @Test
    void translatesOldNetworks() {
        App bridge = read("{'id':'a','ipAddress':{'networkName':'mesos-bridge'},'cmd':'sleep 1'}");
        assertThat(bridge.networking().isBridge()).isTrue();
        assertThat(bridge.container().orElseThrow().type()).isEqualTo(Container.Type.MESOS);
        App user = new AppReader(ALL)
                .read(json("{'id':'a','container':{'docker':{'image':'x','network':'USER'}}}"));
        assertThat(user.networking().networks().getFirst().name()).hasValue("overlay");
        App discovered = read(
                "{'id':'a','cmd':'sleep 1','ipAddress':{'networkName':'n','discovery':{'ports':["
                        + "{'number':80,'name':'http','protocol':'tcp'}]}}}");
        assertThat(discovered.container().orElseThrow().portMappings().getFirst().containerPort())
                .isEqualTo(80);
        assertThat(read("{'id':'a','cmd':'sleep 1','uris':['http://x/a.tar.gz','http://x/b']}")
                .launch().fetch())
                .extracting(Fetch::extract).containsExactly(true, false);
    }

    @Test
    void answersMixturesWithFourTwentyTwo() {
        assertThat(Fixtures.refusal(
                () -> read("{'id':'a','container':{'docker':{'image':'x','network':'NONE'}}}")))
                .isEqualTo(MarathonError.of(422, "unsupported docker network type NONE"));
        assertThat(Fixtures.refusal(
                () -> read("{'id':'a','cmd':'sleep 1','ipAddress':{'networkName':'n','discovery':{"
                        + "'ports':[{'number':80,'name':'http'}]}},'container':{'type':'MESOS','portMappings':[{}]}}")))
                .isEqualTo(
                        MarathonError.of(422, "cannot mix deprecated and canonical network APIs"));
        assertThat(problems("{'id':'a','cmd':'sleep 1','ports':[70000]}"))
                .containsExactly(
                        "/portDefinitions(0)/port: got 70000, expected between 0 and 65535");
    }

    @Test
    void guardsVolumes() {
        String app = "{'id':'a','cmd':'sleep 1','container':{'type':'MESOS','volumes':[%s]}}";
        assertThat(
                problemsOf(
                        ALL, app.formatted(
                                "{'containerPath':'d','persistent':{'size':5,'maxSize':5,"
                                        + "'constraints':[['path','LIKE','x']]}}")))
                .containsExactly(
                        "/container/volumes(0)/persistent: Only mount volumes can have maxSize",
                        "/container/volumes(0)/persistent: Constraints on root volumes are not supported",
                        "/container/volumes(0)/persistent/maxSize: Max size must be larger than size");
        assertThat(
                problemsOf(
                        ALL, app
                                .formatted(
                                        "{'containerPath':'d','persistent':{'type':'path','size':5,"
                                                + "'constraints':[['path','UNIQUE']]}}")))
                .containsExactly(
                        "/container/volumes(0)/persistent/constraints(0): Unsupported constraint"
                                + " [\"path\",\"UNIQUE\"]");
        String external = "{'containerPath':'d','external':{'provider':'dvdi',"
                + "'name':'n','options':{'dvdi/driver':'r'}}}";
        assertThat(problemsOf(ALL, app.formatted(external + "," + external)))
                .containsExactly("/container/volumes: Volume names must be unique");
        assertThat(problems(app.formatted(external)))
                .containsExactly("/container/volumes(0): Feature external_volumes"
                        + " is not enabled. Enable with --enable_features external_volumes)");
    }

    @Test
    void guardsIsolation() {
        String app = "{'id':'a','cmd':'sleep 1','container':{'type':'MESOS','linuxInfo':%s}}";
        assertThat(problems(app.formatted("{'seccomp':{'profileName':'p','unconfined':true}}")))
                .containsExactly(
                        "/container/linuxInfo/seccomp: Seccomp unconfined can NOT be true when Profile is defined");
        assertThat(problems(app.formatted("{'seccomp':{}}"))).containsExactly(
                "/container/linuxInfo/seccomp: Seccomp unconfined must be true when Profile is NOT defined");
        assertThat(problems(app.formatted("{'ipcInfo':{'mode':'share_parent','shmSize':1}}")))
                .containsExactly(
                        "/container/linuxInfo/ipcInfo: ipcInfo shmSize can NOT be set when mode is SHARE_PARENT");
    }

    @Test
    void guardsRolesAndChecks() {
        assertThat(problemsOf(ALL, "{'id':'/ops/a','cmd':'sleep 1','role':'x'}"))
                .containsExactly("/role: got x, expected one of: [dev, ops]");
        assertThat(problemsOf(ALL, "{'id':'/a','cmd':'sleep 1','acceptedResourceRoles':['-x']}"))
                .containsExactly(
                        "/acceptedResourceRoles: acceptedResourceRoles can only contain * and dev",
                        "/acceptedResourceRoles(0): A role name must not start with a dash.");
        assertThat(problems("{'id':'/a','cmd':'sleep 1','check':{'tcp':{'portIndex':1}}}"))
                .containsExactly(
                        "/check: check port index must address an element of the ports array or"
                                + " container port mappings.");
        assertThat(problems("{'id':'/a','cmd':'sleep 1','check':{}}"))
                .containsExactly("/check: Only one of http, tcp, or command may be specified");
    }

    @Test
    void refusesExpressionsThatOverflowTheCompiler() {
        String deep = "(".repeat(50_000) + ")".repeat(50_000);
        assertThat(problems(
                "{'id':'/a','cmd':'sleep 1','constraints':[['hostname','LIKE','" + deep + "']]}"))
                .containsExactly(
                        "/constraints(0): is not a regular expression of at most 1000 characters");
    }

    @Test
    void givesSingleInstancesAndOwnersOfDataTheirStrategies() {
        App single = read(
                "{'id':'a','cmd':'sleep 1','labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'}}");
        assertThat(single.rollout().upgrade()).isEqualTo(new Rollout.UpgradeStrategy(0, 0));
        App resident = new AppReader(ALL)
                .read(json("{'id':'a','cmd':'sleep 1','container':{'type':'MESOS',"
                        + "'volumes':[{'containerPath':'d','mode':'RW','persistent':{'size':1}}]}}"));
        assertThat(resident.isResident()).isTrue();
        assertThat(resident.rollout().upgrade()).isEqualTo(new Rollout.UpgradeStrategy(0.5, 0));
        assertThat(resident.rollout().unreachable())
                .isEqualTo(new Rollout.UnreachableStrategy.Disabled());
        assertThat(resident.placement().residency()).isPresent();
        assertThat(resident.placement().acceptedResourceRoles()).containsExactly("*");
    }
}
