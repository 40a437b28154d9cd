package io.springtide.master.agents;

import io.springtide.api.agent.Container;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.PortSpec;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TaskSpecsTest {

    private final TaskSpecs specs = new TaskSpecs();

    private TaskSpec spec(String json, int hostPorts) {
        return specs.of(TestApps.version(TestApps.spec(json, 1, hostPorts)), TestRing.CLUSTER)
                .spec().orElseThrow();
    }

    @Test
    void describesAProcessOnTheHostsNetwork() {
        TaskSpec spec = spec("""
                {'id':'/shop/cart','cmd':'run','user':'nobody','env':{'A':'1'},'labels':{'l':'2'},
                 'fetch':[{'uri':'http://x/y.tgz'}],'taskKillGracePeriodSeconds':4,
                 'portDefinitions':[{'port':0,'name':'web'},{'port':8080,'protocol':'udp'}],
                 'healthChecks':[{'protocol':'MESOS_HTTP','path':'/up','portIndex':1,
                                  'gracePeriodSeconds':3,'maxConsecutiveFailures':2}]}""", 2);
        assertThat(spec.getRuntime()).isEqualTo(Runtime.PROCESS);
        assertThat(spec.getAppVersion()).isEqualTo("2014-03-01T23:29:30.158Z");
        assertThat(spec.getTaskIdPrefix()).isEqualTo("shop_cart.instance-5f0c9e1a-d2b3-4c77-");
        assertThat(spec.getCommand()).isEqualTo("run");
        assertThat(spec.getUser()).isEqualTo("nobody");
        assertThat(spec.getEnvMap()).containsEntry("A", "1");
        assertThat(spec.getLabelsMap()).containsEntry("l", "2");
        assertThat(spec.getArtifacts(0).getUri()).isEqualTo("http://x/y.tgz");
        assertThat(spec.getArtifacts(0).getExtract()).isTrue();
        assertThat(spec.getKillGraceMs()).isEqualTo(TestApps.GRACE_MS);
        assertThat(spec.getResources().getCpusMilli()).isEqualTo(100);
        assertThat(spec.getContainer().getNetwork()).isEqualTo(Container.Network.HOST);
        assertThat(spec.getPortsList()).containsExactly(
                PortSpec.newBuilder().setName("web").setRequested(10_007).setHostPort(true)
                        .setTcp(true).build(),
                PortSpec.newBuilder().setRequested(8_080).setHostPort(true).setUdp(true).build());
        HealthCheck check = spec.getHealthChecks(0);
        assertThat(check.getProtocol()).isEqualTo(HealthCheck.Protocol.HTTP);
        assertThat(check.getPath()).isEqualTo("/up");
        assertThat(check.getPortIndex()).isEqualTo(1);
        assertThat(check.getGracePeriodMs()).isEqualTo(3_000);
        assertThat(check.getConsecutiveFailuresMax()).isEqualTo(2);
    }

    @Test
    void describesADockerContainerOnABridge() {
        TaskSpec spec = spec("""
                {'id':'/web','networks':[{'mode':'container/bridge'}],'args':['serve'],
                 'container':{'type':'DOCKER',
                   'docker':{'image':'busybox:1','forcePullImage':true,'privileged':true,
                             'parameters':[{'key':'hostname','value':'h'}]},
                   'volumes':[{'containerPath':'/d','hostPath':'/srv','mode':'RO'}],
                   'portMappings':[{'containerPort':80,'hostPort':0,'name':'web'},
                                   {'containerPort':81,'protocol':'udp,tcp'}]}}""", 2);
        assertThat(spec.getRuntime()).isEqualTo(Runtime.DOCKER);
        assertThat(spec.getArgsList()).containsExactly("serve");
        Container container = spec.getContainer();
        assertThat(container.getImage()).isEqualTo("busybox:1");
        assertThat(container.getForcePull()).isTrue();
        assertThat(container.getPrivileged()).isTrue();
        assertThat(container.getNetwork()).isEqualTo(Container.Network.BRIDGE);
        assertThat(container.getParameters(0).getKey()).isEqualTo("hostname");
        assertThat(container.getVolumes(0).getReadOnly()).isTrue();
        assertThat(container.getVolumes(0).getHostPath()).isEqualTo("/srv");
        assertThat(spec.getPortsList()).extracting(PortSpec::getContainerPort)
                .containsExactly(80, 81);
        assertThat(spec.getPortsList()).allMatch(PortSpec::getHostPort);
        assertThat(spec.getPorts(1).getTcp() && spec.getPorts(1).getUdp()).isTrue();
    }

    @Test
    void takesHostPortsOnANamedNetworkOnlyWhereOneIsAskedFor() {
        TaskSpec spec = spec("""
                {'id':'/web','networks':[{'mode':'container','name':'blue'}],'cmd':'serve',
                 'container':{'type':'MESOS','docker':{'image':'busybox:1'},
                   'portMappings':[{'containerPort':80},{'containerPort':81,'hostPort':0}]}}""", 1);
        assertThat(spec.getRuntime()).isEqualTo(Runtime.DOCKER);
        assertThat(spec.getContainer().getNetwork()).isEqualTo(Container.Network.NAMED);
        assertThat(spec.getContainer().getNetworkName()).isEqualTo("blue");
        assertThat(spec.getPortsList()).extracting(PortSpec::getHostPort)
                .containsExactly(false, true);
    }

    @Test
    void namesTheSameThingAlikeAndOtherThingsDifferently() {
        String digest = spec("{'id':'/a','cmd':'one'}", 1).getDigest();
        assertThat(new TaskSpecs().of(
                TestApps.version(TestApps.spec("{'id':'/a','cmd':'one'}", 1, 1)),
                TestRing.CLUSTER).digest()).isEqualTo(digest).hasSize(32);
        assertThat(spec("{'id':'/a','cmd':'two'}", 1).getDigest()).isNotEqualTo(digest);
    }

    private HealthCheck check(String probe) {
        return spec("""
                {'id':'/web','cmd':'run','portDefinitions':[{'port':0},{'port':0}],
                 'check':{%s,'intervalSeconds':9,'timeoutSeconds':2,'delaySeconds':4}}"""
                .formatted(probe), 2).getCheck();
    }

    @Test
    void asksWhatTheCheckAsks() {
        HealthCheck.Builder times = HealthCheck.newBuilder().setIntervalMs(9_000)
                .setTimeoutMs(2_000).setDelayMs(4_000);
        assertThat(check("'http':{'portIndex':1,'path':'/up','scheme':'https'}"))
                .isEqualTo(times.clone().setProtocol(HealthCheck.Protocol.HTTPS).setPath("/up")
                        .setPortIndex(1).build());
        assertThat(check("'http':{'port':8080}")).isEqualTo(times.clone().setPath("/")
                .setPort(8_080).build());
        assertThat(check("'tcp':{'portIndex':1}")).isEqualTo(times.clone()
                .setProtocol(HealthCheck.Protocol.TCP).setPortIndex(1).build());
        assertThat(check("'exec':{'command':{'shell':'test -f up'}}")).isEqualTo(times.clone()
                .setProtocol(HealthCheck.Protocol.COMMAND).setCommand("test -f up").build());
        assertThat(check("'exec':{'command':{'argv':['test','-f','a b']}}").getCommand())
                .isEqualTo("'test' '-f' 'a b'");
        assertThat(spec("{'id':'/web','cmd':'run'}", 0).hasCheck()).isFalse();
    }

    @Test
    void saysWhenAnAgentThatIsCutOffEndsIt() {
        assertThat(spec("{'id':'/a','cmd':'serve'}", 1).getStopWhenCutOffMs()).isZero();
        assertThat(spec("{'id':'/a','cmd':'serve','onPartition':'stop',"
                + "'unreachableStrategy':'disabled'}", 1).getStopWhenCutOffMs()).isZero();
        long stopMs = spec("{'id':'/a','cmd':'serve','onPartition':'stop',"
                + "'unreachableStrategy':{'inactiveAfterSeconds':30,'expungeAfterSeconds':60}}", 1)
                .getStopWhenCutOffMs();
        assertThat(stopMs).as("and its grace is over before another one comes")
                .isBetween(20_000L, 29_000L);
    }

    @Test
    void findsThePortOfAReadinessCheck() {
        TaskSpec spec = spec("""
                {'id':'/web','cmd':'run','portDefinitions':[{'port':0},{'port':0,'name':'http'}],
                 'readinessChecks':[{'portName':'http','protocol':'HTTPS','path':'/ready',
                   'intervalSeconds':9,'timeoutSeconds':2,'httpStatusCodesForReady':[200,204],
                   'preserveLastResponse':true}]}""", 2);
        assertThat(spec.getReadinessCheck()).isEqualTo(ReadinessCheck.newBuilder().setHttps(true)
                .setPath("/ready").setPortIndex(1).setIntervalMs(9_000).setTimeoutMs(2_000)
                .addReadyStatuses(200).addReadyStatuses(204).setPreserveLastResponse(true)
                .build());
        assertThat(spec("{'id':'/web','cmd':'run'}", 0).hasReadinessCheck()).isFalse();
    }
}
