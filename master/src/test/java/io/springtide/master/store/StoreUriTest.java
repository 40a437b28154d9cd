package io.springtide.master.store;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** How stores are written on the command line. */
class StoreUriTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "zk://a:1,b:2/x/y | zk://a:1,b:2/x/y", "zk://a | zk://a:2181/springtide",
            "zk://a,[::1]/ | zk://a:2181,[::1]:2181/springtide",
            "etcd://10.0.0.1/x/ | etcd://10.0.0.1:2379/x", "file:data | file:data",
            "file:/var/lib/tide | file:/var/lib/tide", "file:///var/x | file:/var/x"})
    void readsWhatIsWritten(String text, String meaning) {
        assertThat(StoreUri.parse(text)).hasToString(meaning);
        assertThat(StoreUri.parse(meaning)).isEqualTo(StoreUri.parse(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "redis://a | is no store", "a:2181 | is no store", "zk:/a | is no store",
            "zk:// | is no server", "zk://a,,b/x | is no server", "zk://a:b/x | is no server",
            "zk://a:70000/x | no port 70000", "zk://a/x//y | the path", "zk://a/../x | the path",
            "zk://a/zookeeper/x | ZooKeeper's own", "file: | names no folder",
            "file://host/x | names no folder", "zk://me:secret@a/x | no user and no password",
            "foo://me:secret@a/x | is no store"})
    void refusesTheRestAndSaysWhy(String text, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> StoreUri.parse(text))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e).hasMessageNotContaining("secret"));
    }

    @Test
    void opensAFolder(@TempDir Path folder) {
        StoreUri uri = StoreUri.parse("file:" + folder);
        try (Store store = Stores.open(uri)) {
            assertThat(store.shared()).isFalse();
            assertThat(store.name()).isEqualTo(uri.toString());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Stores.open(uri, Duration.ofMillis(100)))
                .withMessageContaining("a session lasts");
    }
}
