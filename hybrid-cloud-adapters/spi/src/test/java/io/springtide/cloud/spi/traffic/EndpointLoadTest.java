package io.springtide.cloud.spi.traffic;

import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** One instance, as several load balancers see it. */
class EndpointLoadTest {

    @Test
    void countsAddUpMeansAreWeighedAndTheWorstTailStays() {
        EndpointLoad one = new EndpointLoad(7, 2, 1, 30, 1, 10, 40);
        EndpointLoad other = new EndpointLoad(7, 3, 2, 10, 0.5, 50, 90);
        assertThat(one.plus(other)).isEqualTo(new EndpointLoad(7, 5, 3, 40, 1.5, 20, 90));
    }

    @Test
    void whoeverHasSeenNoAnswerSaysNothingOfTheMean() {
        EndpointLoad idle = new EndpointLoad(7, 0, 0, 0, 0, -1, -1);
        EndpointLoad busy = new EndpointLoad(7, 1, 0, 10, 0, 5, 9);
        assertThat(idle.plus(busy)).isEqualTo(busy);
        assertThat(busy.plus(idle)).isEqualTo(busy);
        assertThat(idle.plus(idle)).isEqualTo(idle);
    }
}
