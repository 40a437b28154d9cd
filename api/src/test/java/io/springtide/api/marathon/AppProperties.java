package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

class AppProperties {

    private static final AppReader READER = new AppReader(Gen.SETTINGS);
    private static final List<byte[]> FIXTURES = Fixtures.names("valid", "app__", ".json").stream()
            .map(name -> Fixtures.bytes("valid/" + name)).toList();

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void definitionsComeBackExactly(@ForAll long seed) {
        App app = Gen.app(seed);
        String definition = AppWriter.definition(app);
        assertThat(AppWriter.fromDefinition(definition, app.instances())).isEqualTo(app);
        assertThat(AppWriter.definition(AppWriter.fromDefinition(definition, 0)))
                .isEqualTo(definition);
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void whatIsShownCanBeSentBack(@ForAll long seed) {
        App app = Gen.app(seed);
        ObjectNode shown = AppWriter.write(app, AppMeta.at(1));
        assertThat(READER.read(shown))
                .isEqualTo(app.withPlacement(app.placement().withTerms(PlacementTerms.NONE))
                        .withRollout(app.rollout().withTerms(RolloutTerms.NONE)));
        ObjectNode all = shown.deepCopy();
        all.set("placement", AppWriter.placement(app));
        all.set("rollout", AppWriter.rollout(app));
        assertThat(READER.read(all)).isEqualTo(app);
        assertThat(READER.replace((AppUpdate.Replacement) READER.readUpdate(app.id(), shown, false),
                app)).isEqualTo(app);
        shown.remove(List.of("version", "versionInfo"));
        assertThat(READER.apply((AppUpdate.Change) READER.readUpdate(app.id(), shown, true), app))
                .isEqualTo(app);
    }

    /** Goal: no document, however odd, ends in anything but an app or a refusal. */
    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void oddDocumentsAreReadOrRefused(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ObjectNode document = JsonInput.parseObject(FIXTURES.get(random.nextInt(FIXTURES.size())));
        ObjectNode other = JsonInput.parseObject(FIXTURES.get(random.nextInt(FIXTURES.size())));
        if (random.nextBoolean()) {
            document.setAll(other);
        }
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            mutate(document, other, random);
        }
        App existing = Gen.app(seed);
        readOrRefuse(() -> READER.read(document));
        readOrRefuse(() -> new AppReader(ServerSettings.DEFAULTS).read(document));
        readOrRefuse(() -> {
            AppUpdate update = READER.readUpdate(existing.id(), document, random.nextBoolean());
            return switch (update) {
                case AppUpdate.Change change -> READER.apply(change, existing);
                case AppUpdate.Replacement replacement -> replacement.app();
                case AppUpdate.Rollback rollback -> existing;
            };
        });
    }

    /** Goal: no byte, wherever it is put, ends in anything but a tree or a refusal. */
    @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
    void oddBytesAreReadOrRefused(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] body = FIXTURES.get(random.nextInt(FIXTURES.size())).clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        readOrRefuse(() -> READER.read(JsonInput.parse(body)));
    }

    private interface Attempt {
        App run();
    }

    private static void readOrRefuse(Attempt attempt) {
        App app;
        try {
            app = attempt.run();
        } catch (RequestRefused refused) {
            assertThat(refused.error().status()).isBetween(400, 422);
            assertThat(refused.error().toJson().toString()).hasSizeLessThan(1 << 20);
            return;
        }
        assertThat(AppWriter.fromDefinition(AppWriter.definition(app), app.instances()))
                .isEqualTo(app);
    }

    static void mutate(ObjectNode root, ObjectNode other, SplittableRandom random) {
        JsonNode node = root;
        while (true) {
            List<String> names = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                names.add(field.getKey());
            }
            String name = names.isEmpty() ? "x" : names.get(random.nextInt(names.size()));
            int index = node.isEmpty() ? 0 : random.nextInt(node.size());
            JsonNode inner = node.isObject() ? node.path(name) : node.path(index);
            if (inner.isContainerNode() && !inner.isEmpty() && random.nextInt(4) > 0) {
                node = inner;
                continue;
            }
            JsonNode odd = odd(other, random);
            if (node instanceof ObjectNode object) {
                object.set(name, odd);
            } else if (node instanceof ArrayNode array && !array.isEmpty()) {
                array.set(index, odd);
            }
            return;
        }
    }

    private static JsonNode odd(ObjectNode other, SplittableRandom random) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(14)) {
            case 0 -> json.nullNode();
            case 1 -> json.numberNode(-1);
            case 2 -> json.numberNode(Double.POSITIVE_INFINITY);
            case 3 -> json.numberNode(0.5);
            case 4 -> json.numberNode(new BigInteger("9".repeat(50)));
            case 5 -> json.textNode("");
            case 6 -> json.textNode("\u2028 ../..");
            case 7 -> json.booleanNode(true);
            case 8 -> json.arrayNode();
            case 9 -> json.objectNode();
            case 10 -> json.arrayNode().add(json.arrayNode().add(1)).add("a");
            case 11 -> json.textNode("(".repeat(500));
            case 12 -> json.numberNode(Long.MIN_VALUE);
            default -> other.deepCopy();
        };
    }
}
