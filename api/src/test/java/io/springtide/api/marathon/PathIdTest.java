package io.springtide.api.marathon;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PathIdTest {

    private static final PathId BASE = new PathId("/shop/db");

    @ParameterizedTest
    @CsvSource({"/a, /a", "a, /shop/db/a", "../a, /shop/a", "../../a/b, /a/b", "../../../../a, /a",
            "/a/../b, /b",
            "/a/, /a", "//a, /a", "/a//b, /a/b", "/, /", "'', /shop/db", "./a, /shop/db/a",
            "/a.b-c.d9, /a.b-c.d9"})
    void resolves(String text, String expected) {
        assertThat(PathId.resolve(text, BASE)).hasValue(new PathId(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "a b", "-a", "a-", "a..b", ".a", "a.", "/.../a", "a.-b", "ä",
            "a_b", "/a/\n", "%2e"})
    void refuses(String text) {
        assertThat(PathId.isWellFormed(text)).isFalse();
        assertThat(PathId.resolve(text, PathId.ROOT)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/", "/a/", "/a//b", "/a/..", "/A", "//"})
    void isAlwaysCanonical(String text) {
        assertThatThrownBy(() -> new PathId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void survivesIdsThatOverflowMarathonsOwnPattern() {
        assertThat(PathId.isWellFormed("a/".repeat(400_000))).isTrue();
        assertThat(PathId.isWellFormed("a".repeat(400_000) + "-")).isFalse();
        assertThat(PathId.isWellFormed("a.".repeat(400_000))).isFalse();
    }

    @Test
    void knowsItsGroups() {
        PathId id = new PathId("/shop/db/main");
        assertThat(id.segments()).containsExactly("shop", "db", "main");
        assertThat(id.parent()).isEqualTo(BASE);
        assertThat(new PathId("/a").parent()).isEqualTo(PathId.ROOT);
        assertThat(PathId.ROOT.parent()).isEqualTo(PathId.ROOT);
        assertThat(id.name()).isEqualTo("main");
        assertThat(id.isBelow(new PathId("/shop"))).isTrue();
        assertThat(id.isBelow(new PathId("/sho"))).isFalse();
        assertThat(id.isBelow(id)).isFalse();
        assertThat(id.isBelow(PathId.ROOT)).isTrue();
        assertThat(id.topGroup()).hasValue("shop");
        assertThat(new PathId("/a").topGroup()).isEmpty();
        assertThat(PathId.ROOT.topGroup()).isEmpty();
        assertThat(new PathId("/a/tasks").isReserved()).isTrue();
        assertThat(new PathId("/tasks/a").isReserved()).isFalse();
    }
}
