package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: no document, however odd, ends in anything but what it should be or a refusal. */
class PodProperties {

    private static final List<byte[]> PODS = Fixtures.names("valid", "pod__", ".json").stream()
            .map(name -> Fixtures.bytes("valid/" + name)).toList();
    // The largest one of them would take all the time.
    private static final List<byte[]> GROUPS = Fixtures.names("valid", "group__", ".json").stream()
            .map(name -> Fixtures.bytes("valid/" + name)).filter(body -> body.length < 10_000)
            .toList();

    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void oddPodsAreReadOrRefused(@ForAll long seed) {
        PodReader reader = new PodReader(Gen.SETTINGS);
        tryOdd(PODS, seed, document -> {
            Pod pod = reader.read(document);
            assertThat(PodWriter.fromDefinition(PodWriter.definition(pod), pod.instances()))
                    .isEqualTo(pod);
            assertThat(reader.read(PodWriter.write(pod, 0))).isEqualTo(pod);
            assertThat(pod.total().cpus()).isFinite();
        });
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void oddGroupsAreReadOrRefused(@ForAll long seed) {
        GroupReader reader = new GroupReader(Gen.SETTINGS);
        tryOdd(GROUPS, seed, document -> {
            GroupUpdate update = reader.readUpdate(new PathId("/g"), document, id -> seed % 2 == 0);
            if (update instanceof GroupUpdate.Definition(Group group)) {
                FlatGroup flat = group.flatten();
                FlatGroup.Removals removals = flat.removals();
                assertThat(flat.apps()).noneMatch(app -> removals.app(app.id()));
                assertThat(flat.groups()).noneMatch(inner -> removals.group(inner.id()));
            }
        });
    }

    private static void tryOdd(List<byte[]> bodies, long seed, Consumer<ObjectNode> read) {
        SplittableRandom random = new SplittableRandom(seed);
        ObjectNode document = JsonInput.parseObject(bodies.get(random.nextInt(bodies.size())));
        ObjectNode other = JsonInput.parseObject(bodies.get(random.nextInt(bodies.size())));
        if (random.nextBoolean()) {
            document.setAll(other);
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            AppProperties.mutate(document, other, random);
        }
        try {
            read.accept(document);
        } catch (RequestRefused refused) {
            assertThat(refused.error().status()).isBetween(400, 422);
            assertThat(refused.error().toJson().toString()).hasSizeLessThan(1 << 20);
        }
    }
}
