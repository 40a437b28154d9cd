package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PodReaderTest {

    /** Given by some author in a place where Marathon does not know it. */
    private static final Set<String> UNKNOWN_TO_MARATHON = Set.of("force", "maxInstances");

    private final PodReader reader = new PodReader(ServerSettings.DEFAULTS);

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Pod read(String fields, String container) {
        return reader.read(json("{'id':'/p'," + fields
                + "'containers':[{'name':'c','exec':{'command':{'shell':'sleep 1'}},"
                + "'resources':{'cpus':0.1,'mem':32}" + container + "}]}"));
    }

    private List<String> problems(String fields, String container) {
        return Fixtures.problems(Fixtures.refusal(() -> read(fields, container)));
    }

    // ------------------------------------------------------------ what others wrote

    @TestFactory
    Stream<DynamicTest> valid() {
        Map<String, ServerSettings> settings = Fixtures.settings();
        List<String> names = Fixtures.names("valid", "pod__", ".json");
        assertThat(names).hasSize(50);
        return names.stream().map(name -> DynamicTest.dynamicTest(name,
                () -> accepted(Fixtures.json("valid/" + name),
                        Objects.requireNonNull(settings.get(name)))));
    }

    private static void accepted(JsonNode given, ServerSettings settings) {
        PodReader reader = new PodReader(settings);
        Pod pod = reader.read(given);
        ObjectNode shown = PodWriter.write(pod, 0);
        assertThat(Shown.differences(expected(given), shown)).isEmpty();
        // What the server shows, its clients send back.
        assertThat(reader.read(shown)).isEqualTo(pod);
        String definition = PodWriter.definition(pod);
        assertThat(PodWriter.fromDefinition(definition, pod.instances())).isEqualTo(pod);
        assertThat(PodWriter.definition(pod.withInstances(77))).isEqualTo(definition);
    }

    /** With words in Marathon's case. */
    private static JsonNode expected(JsonNode given) {
        if (given instanceof ArrayNode items) {
            ArrayNode out = items.arrayNode();
            items.forEach(item -> out.add(expected(item)));
            return out;
        }
        if (!(given instanceof ObjectNode object)) {
            return given;
        }
        ObjectNode out = object.objectNode();
        object.properties().forEach(entry -> {
            String name = entry.getKey();
            boolean word = name.equals("scheme") || name.equals("killSelection");
            if (!UNKNOWN_TO_MARATHON.contains(name)) {
                out.set(name, word
                        ? TextNode.valueOf(entry.getValue().textValue().toUpperCase(Locale.ROOT))
                        : expected(entry.getValue()));
            }
        });
        return out;
    }

    @TestFactory
    Stream<DynamicTest> invalid() {
        List<String> names = Fixtures.names("invalid", "pod__", ".json");
        assertThat(names).hasSize(28);
        return names.stream().map(file -> file.substring(0, file.length() - 5))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    JsonNode expected = Fixtures.json("invalid/" + name + ".expect");
                    PodReader one = new PodReader(
                            Fixtures.settings(expected.path("serverConfig")));
                    MarathonError error = Fixtures.refusal(
                            () -> one.read(Fixtures.json("invalid/" + name + ".json")));
                    Fixtures.assertAsExpected(error, expected, expected.path("status").intValue());
                }));
    }

    // ------------------------------------------------------------ defaults

    @Test
    void fillsInWhatNobodySaid() {
        assertThat(PodWriter.write(read("", ""), 0)).hasToString(json("{'id':'/p','containers':["
                + "{'name':'c','exec':{'command':{'shell':'sleep 1'}},"
                + "'resources':{'cpus':0.1,'mem':32,'disk':0,'gpus':0}}],"
                + "'networks':[{'mode':'host'}],'scaling':{'kind':'fixed','instances':1},"
                + "'scheduling':{'backoff':{'backoff':1,'backoffFactor':1.15,'maxLaunchDelay':300},"
                + "'upgrade':{'minimumHealthCapacity':1,'maximumOverCapacity':1},"
                + "'placement':{'constraints':[],'acceptedResourceRoles':[]},"
                + "'killSelection':'YOUNGEST_FIRST',"
                + "'unreachableStrategy':{'inactiveAfterSeconds':0,'expungeAfterSeconds':0}},"
                + "'executorResources':{'cpus':0.1,'mem':32,'disk':10},'role':'*',"
                + "'version':'1970-01-01T00:00:00.000Z'}").toString());
        Pod checked = read("", ",'endpoints':[{'name':'e'}],'healthCheck':{'tcp':{'endpoint':'e'}},"
                + "'check':{'exec':{'command':{'argv':['a','b']}}}");
        assertThat(checked.containers().getFirst().healthCheck()).hasValue(
                new PodHealthCheck(new PodProbe.Tcp("e"), 300, 60, 3, 20, 15));
        assertThat(checked.containers().getFirst().check()).hasValue(new PodCheck(
                new PodProbe.Exec(new PodContainer.Command.Argv(List.of("a", "b"))), 60, 20, 15));
        assertThat(checked.hostPorts()).containsExactly(0);
        assertThat(read("'networks':[{'mode':'container','name':'n'}],",
                ",'endpoints':[{'name':'e','containerPort':80}]").hostPorts()).isEmpty();
        Pod resident = new PodReader(ServerSettings.DEFAULTS.withMesosRole("r"))
                .read(json("{'id':'/p','volumes':[{'name':'v','persistent':{'size':5}}],"
                        + "'scheduling':{'upgrade':{'minimumHealthCapacity':0.25}},"
                        + "'containers':[{'name':'c','resources':{},"
                        + "'volumeMounts':[{'name':'v','mountPath':'v'}]}]}"));
        assertThat(resident.isResident()).isTrue();
        assertThat(resident.rollout().upgrade())
                .isEqualTo(new Rollout.UpgradeStrategy(0.25, 0));
        assertThat(resident.rollout().unreachable())
                .isEqualTo(new Rollout.UnreachableStrategy.Disabled());
        assertThat(resident.placement().role()).isEqualTo("r");
    }

    // ------------------------------------------------------------ rules

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            // Shape.
            "'environment':{'A-B':'x'},||/environment/A-B: error.pattern",
            "'environment':{'1A':'x'},||/environment/1A: error.pattern",
            "'scaling':{'kind':'free'},||/scaling/kind: error.unknown.enum.literal",
            "'scaling':{'kind':'fixed','instances':-1},||/scaling/instances: error.min",
            "'volumes':[{'name':'Up'}],||/volumes(0)/name: error.pattern",
            "|,'image':{'kind':'APPC','id':'x'}|/containers(0)/image/kind: error.unknown.enum.literal",
            "|,'endpoints':[{'name':'e','hostPort':70000}]|/containers(0)/endpoints(0)/hostPort: error.max",
            "|,'lifecycle':{'killGracePeriodSeconds':-1}|/containers(0)/lifecycle/killGracePeriodSeconds:"
                    + " error.min",
            "'scheduling':{'placement':{'constraints':[{'fieldName':'a','operator':'NEAR'}]}},||"
                    + "/scheduling/placement/constraints(0)/operator: error.unknown.enum.literal",
            // Rules for trees.
            "'scheduling':{'placement':{'constraints':[{'fieldName':'a','operator':'max_per'}]}},||"
                    + "/scheduling/placement/constraints(0): MAX_PER requires an integer value",
            "|,'healthCheck':{}|/containers(0)/healthCheck: Only one of http, tcp, or command may be specified",
            "|,'check':{'exec':{'command':{'shell':'x','argv':['y']}}}|/containers(0)/check/exec/command:"
                    + " Only one of shell or argv may be specified",
            "|,'resourceLimits':{'mem':'much'}|/containers(0)/resourceLimits/mem: 'much' is an invalid"
                    + " resource limit. It must be 'unlimited' or a number",
            // Rules between fields.
            "|,'healthCheck':{'http':{'endpoint':'x'}}|/containers(0)/healthCheck/http/endpoint: contained in"
                    + " the container endpoints",
            "|,'endpoints':[{'name':'e','protocol':['tcp','tcp']}]|/containers(0)/endpoints(0)/protocol:"
                    + " Duplicate protocols within the same endpoint are not allowed",
            "'networks':[{'name':'a'},{'name':'b'}],|,'endpoints':[{'name':'e','containerPort':1,"
                    + "'hostPort':0}]|/containers(0)/endpoints(0): networkNames must be a single item list"
                    + " when hostPort is specified and more than 1 container network is defined",
            "'networks':[{'name':'a'}],|,'endpoints':[{'name':'e','containerPort':1,'networkNames':['z']}]|"
                    + "/containers(0)/endpoints(0)/networkNames(0): is not one of (a)",
            "'networks':[{'mode':'host'},{'name':'b'}],||/networks: May specify a single host network, single"
                    + " bridge network, or else 1-to-n container networks",
            "'scheduling':{'unreachableStrategy':{'inactiveAfterSeconds':2,'expungeAfterSeconds':1}},||"
                    + "/scheduling/unreachableStrategy/inactiveAfterSeconds: inactiveAfterSeconds (2) must be"
                    + " less or equal to expungeAfterSeconds, which is 1",
            "'role':'x',||/role: got x, expected one of: [*]",
            "'secrets':{'s':{'source':'/s'}},||/secrets: Feature secrets is not enabled. Enable with"
                    + " --enable_features secrets)",
    })
    void tellsWhatIsWrong(String fields, String container, String problem) {
        assertThat(problems(Optional.ofNullable(fields).orElse(""),
                Optional.ofNullable(container).orElse(""))).containsExactly(problem);
    }

    @Test
    void secretsHaveToBeDefined() {
        PodReader secrets = new PodReader(
                new ServerSettings(Set.of(ServerSettings.SECRETS), "*", Optional.empty()));
        assertThat(Fixtures.problems(Fixtures.refusal(() -> secrets.read(json("{'id':'/p',"
                + "'environment':{'A':{'secret':'x'}},'volumes':[{'name':'v','secret':'x'}],"
                + "'containers':[{'name':'c','resources':{},'environment':{'B':{'secret':'x'}},"
                + "'volumeMounts':[{'name':'v','mountPath':'v'}]}]}"))))).containsExactly(
                        "/environment/A/secret: references an undefined secret",
                        "/volumes(0): volume.secret must refer to an existing secret",
                        "/containers(0)/environment/B/secret: references an undefined secret");
    }

    @Test
    void takesTheRoleOfAGroupThatEnforcesIt() {
        Pod pod = new PodReader(ServerSettings.DEFAULTS.withMesosRole("dev"))
                .read(json("{'id':'/dev/p','containers':[{'name':'c','resources':{}}]}"));
        assertThat(pod.placement().role()).isEqualTo("dev");
    }

    // ------------------------------------------------------------ what placement asks

    @Test
    void addsUpWhatAnInstanceNeeds() {
        Pod pod = reader.read(json("{'id':'/p','containers':["
                + "{'name':'a','resources':{'cpus':0.1,'mem':16.5,'gpus':1},'endpoints':["
                + "{'name':'x','hostPort':0},{'name':'y','hostPort':8080}]},"
                + "{'name':'b','resources':{'cpus':0.1,'mem':16,'disk':7,'gpus':2},"
                + "'endpoints':[{'name':'z'}]}]}"));
        assertThat(pod.total()).isEqualTo(
                new Resources(0.3, 64.5, 17, 3, Optional.empty(), Optional.empty()));
        assertThat(pod.hostPorts()).containsExactly(0, 8080, 0);
    }

    @Test
    void definitionsOfPodsAreNoneOfApps() {
        String pod = PodWriter.definition(read("", ""));
        String app = AppWriter.definition(
                new AppReader(ServerSettings.DEFAULTS).read(json("{'id':'/p','cmd':'sleep 1'}")));
        assertThat(PodWriter.isDefinition(pod)).isTrue();
        assertThat(PodWriter.isDefinition(app)).isFalse();
        assertThatThrownBy(() -> PodWriter.fromDefinition(app, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ------------------------------------------------------------ changes

    @Test
    void keepsTheReservationsOfOwnersOfData() {
        Pod before = resident(0.1, 5, 80);
        PodReader.checkChange(before, resident(0.1, 5, 80).withInstances(3));
        assertThat(Fixtures.problems(Fixtures
                .refusal(() -> PodReader.checkChange(before, resident(0.2, 6, 81)))))
                .containsExactly("/: persistent volumes cannot be updated",
                        "/: cpus cannot be updated if a pod has persistent volumes",
                        "/: host ports cannot be updated if a pod has persistent volumes");
        assertThat(Fixtures.problems(Fixtures
                .refusal(() -> PodReader.checkChange(read("", ""), before))))
                .contains("/: persistent volumes cannot be updated");
        PodReader.checkChange(read("", ""), read("'user':'u',", ",'tty':true"));
    }

    private static Pod resident(double cpus, int sizeMib, int port) {
        return new PodReader(ServerSettings.DEFAULTS.withMesosRole("r")).read(json("{'id':'/p',"
                + "'volumes':[{'name':'v','persistent':{'size':" + sizeMib + "}}],"
                + "'containers':[{'name':'c','resources':{'cpus':" + cpus + "},"
                + "'endpoints':[{'name':'e','hostPort':" + port + "}],"
                + "'volumeMounts':[{'name':'v','mountPath':'v'}]}]}"));
    }
}
