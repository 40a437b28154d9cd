package io.springtide.master.agents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.api.agent.Container;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.Parameter;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Volume;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodReader;
import io.springtide.api.marathon.PodWriter;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RunKind;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class PodTaskSpecsTest {

    private final TaskSpecs specs = new TaskSpecs();

    private TaskSpec spec(String json, RuntimeKind runtime) {
        return specs.of(TestApps.version(pod(json, runtime)), TestRing.CLUSTER).spec()
                .orElseThrow();
    }

    private static AppSpec pod(String json, RuntimeKind runtime) {
        try {
            Pod pod = new PodReader(ServerSettings.DEFAULTS)
                    .read(new ObjectMapper().readTree(json.replace('\'', '"')));
            return new AppSpec(new AppId(pod.id().path()), PodWriter.definition(pod), 1,
                    new Shape(new Resources(1_600, 352, 20, 0), pod.hostPorts(), runtime,
                            PlacementPolicy.SPREAD),
                    Backoff.DEFAULT, Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST,
                    Unreachable.DEFAULT, TestApps.GRACE_MS, true, List.of(), RunKind.POD,
                    Delivery.PLAIN);
        } catch (JsonProcessingException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    private static final String SHOP = """
            {'id':'/shop/pod','user':'nobody','environment':{'A':'pod','B':'pod'},
             'labels':{'team':'shop'},'networks':[{'mode':'container/bridge'}],
             'volumes':[{'name':'data'},{'name':'etc','host':'/etc/shop'},
                        {'name':'near','host':'logs'}],
             'containers':[
              {'name':'web','image':{'kind':'DOCKER','id':'nginx:1','forcePull':true},
               'resources':{'cpus':0.5,'mem':64.5,'disk':10},'resourceLimits':{'cpus':2},
               'environment':{'B':'web'},'labels':{'tier':'front'},
               'exec':{'command':{'argv':['serve','--all']},'overrideEntrypoint':true},
               'endpoints':[{'name':'http','containerPort':80,'hostPort':0,
                             'protocol':['http']},
                            {'name':'dns','containerPort':53,'protocol':['udp']}],
               'healthCheck':{'http':{'endpoint':'http','path':'/up','scheme':'HTTPS'},
                              'gracePeriodSeconds':3,'intervalSeconds':7,
                              'maxConsecutiveFailures':2,'timeoutSeconds':5,
                              'delaySeconds':1},
               'volumeMounts':[{'name':'data','mountPath':'/data'},
                               {'name':'etc','mountPath':'/etc/x','readOnly':true},
                               {'name':'near','mountPath':'logs'}]},
              {'name':'side','image':{'kind':'DOCKER','id':'busybox:1'},'user':'root',
               'resources':{'cpus':1,'mem':256},'exec':{'command':{'shell':'sleep 9'}},
               'endpoints':[{'name':'admin','containerPort':9000,'hostPort':9001}],
               'artifacts':[{'uri':'http://x/y.tgz','destPath':'y'}],
               'healthCheck':{'tcp':{'endpoint':'admin'}},
               'lifecycle':{'killGracePeriodSeconds':1.5},
               'volumeMounts':[{'name':'data','mountPath':'shared'}]}]}""";

    @Test
    void describesContainersThatShareNetworkAndVolumes() {
        TaskSpec spec = spec(SHOP, RuntimeKind.DOCKER);
        assertThat(spec.getAppId()).isEqualTo("/shop/pod");
        assertThat(spec.getTaskIdPrefix()).isEqualTo("shop_pod.instance-5f0c9e1a-d2b3-4c77-");
        assertThat(spec.getRuntime()).isEqualTo(Runtime.DOCKER);
        assertThat(spec.getResources().getCpusMilli()).isEqualTo(1_600);
        assertThat(spec.getKillGraceMs()).isEqualTo(TestApps.GRACE_MS);
        assertThat(spec.getLabelsMap()).containsEntry("team", "shop");
        assertThat(spec.getContainersList()).extracting(PodContainer::getName)
                .containsExactly("web", "side");
        TaskSpec web = spec.getContainers(0).getSpec();
        TaskSpec side = spec.getContainers(1).getSpec();
        assertThat(spec.getPortsList()).extracting(PortSpec::getName)
                .containsExactly("http", "dns", "admin");
        // On a bridge, an endpoint that says nothing gets a port of the agent.
        assertThat(spec.getPortsList()).extracting(PortSpec::getHostPort)
                .containsExactly(true, true, true);

        assertThat(web.getContainer().getImage()).isEqualTo("nginx:1");
        assertThat(web.getContainer().getForcePull()).isTrue();
        assertThat(web.getContainer().getNetwork()).isEqualTo(Container.Network.BRIDGE);
        assertThat(web.getContainer().getParametersList()).containsExactly(
                Parameter.newBuilder().setKey("entrypoint").setValue("serve").build());
        assertThat(web.getArgsList()).containsExactly("--all");
        assertThat(web.getUser()).isEqualTo("nobody");
        assertThat(web.getEnvMap()).containsEntry("A", "pod").containsEntry("B", "web");
        assertThat(web.getLabelsMap()).containsEntry("tier", "front");
        assertThat(web.getResources().getCpusMilli()).isEqualTo(500);
        assertThat(web.getResources().getMemMib()).isEqualTo(65);
        assertThat(web.getCpusLimitMilli()).isEqualTo(2_000);
        assertThat(web.getPorts(0).getTcp() && !web.getPorts(0).getUdp()).isTrue();
        assertThat(web.getPorts(1).getUdp() && !web.getPorts(1).getTcp()).isTrue();
        assertThat(web.getContainer().getVolumesList()).containsExactly(
                Volume.newBuilder().setContainerPath("/data").setPodVolume("data").build(),
                Volume.newBuilder().setContainerPath("/etc/x").setHostPath("/etc/shop")
                        .setReadOnly(true).build(),
                Volume.newBuilder().setContainerPath("logs").setPodVolume("near").build());
        HealthCheck check = web.getHealthChecks(0);
        assertThat(check.getProtocol()).isEqualTo(HealthCheck.Protocol.HTTPS);
        assertThat(check.getPath()).isEqualTo("/up");
        assertThat(check.getPortIndex()).isZero();
        assertThat(check.getGracePeriodMs()).isEqualTo(3_000);
        assertThat(check.getIntervalMs()).isEqualTo(7_000);
        assertThat(check.getTimeoutMs()).isEqualTo(5_000);
        assertThat(check.getDelayMs()).isEqualTo(1_000);
        assertThat(check.getConsecutiveFailuresMax()).isEqualTo(2);

        assertThat(side.getCommand()).isEqualTo("sleep 9");
        assertThat(side.getUser()).isEqualTo("root");
        assertThat(side.getKillGraceMs()).isEqualTo(1_500);
        assertThat(side.getArtifacts(0).getDestPath()).isEqualTo("y");
        assertThat(side.getContainer().getVolumes(0).getPodVolume()).isEqualTo("data");
        // Among the container's own ports, not among the pod's.
        assertThat(side.getHealthChecks(0).getPortIndex()).isZero();
        assertThat(side.getHealthChecks(0).getProtocol()).isEqualTo(HealthCheck.Protocol.TCP);
    }

    @Test
    void describesProcessesOnTheHostsNetwork() {
        TaskSpec spec = spec("""
                {'id':'/p','networks':[{'mode':'host'}],'containers':[
                  {'name':'one','resources':{'cpus':0.1,'mem':32},
                   'exec':{'command':{'argv':['run','it']}},
                   'endpoints':[{'name':'a','hostPort':0},{'name':'b','hostPort':8080}],
                   'healthCheck':{'http':{'endpoint':'b'}}},
                  {'name':'two','resources':{'cpus':0.1,'mem':32},
                   'exec':{'command':{'shell':'sleep 1'}},
                   'healthCheck':{'exec':{'command':{'argv':['test','it\\u0027s']}}}}]}""",
                RuntimeKind.PROCESS);
        assertThat(spec.getRuntime()).isEqualTo(Runtime.PROCESS);
        TaskSpec one = spec.getContainers(0).getSpec();
        assertThat(one.getContainer().getNetwork()).isEqualTo(Container.Network.HOST);
        assertThat(one.getArgsList()).containsExactly("run", "it");
        assertThat(one.getPortsList()).extracting(PortSpec::getRequested).containsExactly(0, 8_080);
        assertThat(one.getHealthChecks(0).getPortIndex()).isEqualTo(1);
        assertThat(one.getHealthChecks(0).getPath()).isEqualTo("/");
        HealthCheck exec = spec.getContainers(1).getSpec().getHealthChecks(0);
        assertThat(exec.getProtocol()).isEqualTo(HealthCheck.Protocol.COMMAND);
        assertThat(exec.getCommand()).isEqualTo("'test' 'it'\\''s'");
    }

    @Test
    void putsAllContainersOnTheNetworkThatIsNamed() {
        TaskSpec spec = spec("""
                {'id':'/p','networks':[{'mode':'container','name':'blue'}],'containers':[
                  {'name':'one','resources':{},'image':{'kind':'DOCKER','id':'a'},
                   'endpoints':[{'name':'a','containerPort':80},
                                {'name':'b','containerPort':81,'hostPort':0}]},
                  {'name':'two','resources':{},'image':{'kind':'DOCKER','id':'b'}}]}""",
                RuntimeKind.DOCKER);
        assertThat(spec.getContainersList()).allMatch(one -> one.getSpec().getContainer()
                .getNetwork() == Container.Network.NAMED
                && one.getSpec().getContainer().getNetworkName().equals("blue"));
        assertThat(spec.getPortsList()).extracting(PortSpec::getHostPort)
                .containsExactly(false, true);
    }
}
