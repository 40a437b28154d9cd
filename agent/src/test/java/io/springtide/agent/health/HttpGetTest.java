package io.springtide.agent.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpGetTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-TYPE: text/plain; charset=x \r\n";

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    private HttpGet.Answer ask(String answer, int bytesMax) throws IOException {
        try (RawServer server = new RawServer(answer)) {
            return new HttpGet(timer).ask(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), "a b",
                    false, 30_000, bytesMax);
        }
    }

    @Test
    void readsAsMuchOfTheBodyAsIsWanted() throws IOException {
        String answer = HEAD + "\r\nhello world";
        assertThat(ask(answer, 5))
                .isEqualTo(new HttpGet.Answer(200, "text/plain; charset=x", "hello"));
        assertThat(ask(answer, 100).body()).isEqualTo("hello world");
        assertThat(ask(answer, 0)).isEqualTo(new HttpGet.Answer(200, "", ""));
    }

    @Test
    void putsChunksTogether() throws IOException {
        String answer = HEAD + "Transfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";
        assertThat(ask(answer, 100).body()).isEqualTo("hello world");
        assertThat(ask(answer, 8).body()).isEqualTo("hello wo");
        assertThat(ask(answer, 5).body()).isEqualTo("hello");
    }

    @Test
    void endlessHeadersAreGivenUp() {
        assertThatThrownBy(() -> ask(HEAD + "a: b\r\n".repeat(300) + "\r\n", 5))
                .hasMessageContaining("more than 200 headers");
        assertThatThrownBy(() -> ask(HEAD + "a".repeat(5000) + "\r\n\r\n", 5))
                .hasMessageContaining("not HTTP");
    }
}
