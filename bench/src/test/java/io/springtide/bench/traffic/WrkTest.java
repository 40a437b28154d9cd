package io.springtide.bench.traffic;

import java.io.IOException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What wrk 4.1 prints, as it was printed by runs against a service that was well, ill, and not there. */
class WrkTest {

    @Test
    void allIsWell() throws IOException {
        assertThat(Wrk.read("""
                Running 3s test @ http://127.0.0.1:8080/
                  2 threads and 64 connections
                  18001 requests in 3.01s, 1.24MB read
                Requests/sec:   5980.40
                Transfer/sec:    421.00KB
                """)).isEqualTo(new Wrk.Result(5980.4, 18_001, 0));
    }

    @Test
    void refusalsAndBrokenConnectionsAreFailures() throws IOException {
        assertThat(Wrk.read("""
                  9000 requests in 3.00s, 1.24MB read
                  Socket errors: connect 1, read 20, write 300, timeout 4000
                  Non-2xx or 3xx responses: 50000
                Requests/sec:   3000.00
                """).failed()).isEqualTo(54_321);
    }

    @Test
    void whatIsNoResultIsShown() {
        assertThatThrownBy(() -> Wrk.read("unable to connect to 127.0.0.1:1 Connection refused\n"))
                .isInstanceOf(IOException.class).hasMessageContaining("Connection refused");
    }
}
