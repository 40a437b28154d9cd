package io.springtide.master.http;

import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.ServerSettings;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class AppSpecsTest {

    private static AppSpec spec(String json) {
        return AppSpecs.spec(new AppReader(ServerSettings.DEFAULTS).read(
                JsonInput.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void saysHowAnAppIsDelivered() {
        AppSpec spec = spec("""
                {'id':'/shop/web','cmd':'run','dependencies':['../db','/other'],
                 'portDefinitions':[{'port':0,'name':'http'}],
                 'readinessChecks':[{'portName':'http'}],
                 'rollout':{'canary':[{'instances':1,'pause':true},{'percent':25,'pause':60},
                                      {'percent':50}],
                            'minimumHealthy':3,'maximumOver':1,'deadlineSeconds':600,
                            'onDeadline':'rollback',
                            'rollback':{'failures':3,'windowSeconds':300}}}""");
        assertThat(spec.delivery()).isEqualTo(new Delivery(List.of("/shop/db", "/other"), true,
                Delivery.Strategy.ROLLING,
                List.of(new Delivery.Stage(1, 0, Delivery.Stage.BY_HAND),
                        new Delivery.Stage(-1, 250_000, 60_000),
                        new Delivery.Stage(-1, 500_000, 0)),
                false, 600_000, true, new Delivery.Guard(3, 300_000)));
        assertThat(spec.upgrade().healthyMin(10)).isEqualTo(3);
        assertThat(spec.upgrade().activeMax(10)).isEqualTo(11);
    }

    @Test
    void saysNothingWhereNothingIsSaid() {
        AppSpec spec = spec("{'id':'/web','cmd':'run'}");
        assertThat(spec.delivery()).isEqualTo(Delivery.PLAIN);
        assertThat(spec.upgrade().activeMax(10)).isEqualTo(20);
        AppSpec green = spec("{'id':'/web','cmd':'run','rollout':{'strategy':'blueGreen',"
                + "'promote':'manual'}}");
        assertThat(green.delivery().strategy()).isEqualTo(Delivery.Strategy.BLUE_GREEN);
        assertThat(green.delivery().promoteByHand()).isTrue();
    }

    @Test
    void knowsPortsThatWereChosenAgain() {
        AppSpec wanted = spec("{'id':'/web','cmd':'run','portDefinitions':[{'port':0}]}");
        AppSpec chosen = wanted.withServicePorts(List.of(10_003));
        assertThat(AppSpecs.same(wanted, chosen)).isTrue();
        assertThat(AppSpecs.same(wanted.withServicePorts(List.of(10_004)), chosen)).isFalse();
        assertThat(AppSpecs.same(wanted.withInstances(7), chosen)).isFalse();
    }
}
