package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class GroupReaderTest {

    private static final Predicate<PathId> NONE = Set.<PathId>of()::contains;

    private final GroupReader reader = new GroupReader(ServerSettings.DEFAULTS);

    private static JsonNode json(String text) {
        return JsonInput.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private Group read(String base, String body) {
        return ((GroupUpdate.Definition) reader.readUpdate(new PathId(base), json(body), NONE))
                .group();
    }

    private List<String> problems(String base, String body) {
        return Fixtures.problems(Fixtures.refusal(() -> read(base, body)));
    }

    // ------------------------------------------------------------ what others wrote

    @TestFactory
    Stream<DynamicTest> valid() {
        Map<String, ServerSettings> settings = Fixtures.settings();
        List<String> names = Fixtures.names("valid", "group__", ".json");
        assertThat(names).hasSize(10);
        return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> {
            JsonNode given = Fixtures.json("valid/" + name);
            GroupReader one = new GroupReader(Objects.requireNonNull(settings.get(name)));
            GroupUpdate.Definition update = (GroupUpdate.Definition) one.readUpdate(PathId.ROOT,
                    given, NONE);
            ObjectNode shown = shown(update.group());
            assertThat(Shown.differences(expected(given, PathId.ROOT), shown)).isEmpty();
            assertThat(one.readUpdate(PathId.ROOT, shown, NONE)).isEqualTo(update);
        }));
    }

    @TestFactory
    Stream<DynamicTest> invalid() {
        List<String> names = Fixtures.names("invalid", "group__", ".json");
        assertThat(names).hasSize(7);
        return names.stream().map(file -> file.substring(0, file.length() - 5))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    JsonNode expected = Fixtures.json("invalid/" + name + ".expect");
                    MarathonError error = Fixtures.refusal(() -> reader.readUpdate(PathId.ROOT,
                            Fixtures.json("invalid/" + name + ".json"), NONE));
                    Fixtures.assertAsExpected(error, expected, expected.path("status").intValue());
                }));
    }

    /** As a client would write it: all lists that are not empty, no time. */
    private static ObjectNode shown(Group group) {
        ObjectNode out = GroupWriter.write(group.id(), group.dependencies().orElse(List.of()), 0,
                group.enforceRole());
        out.remove("version");
        if (group.dependencies().isEmpty()) {
            out.remove("dependencies");
        }
        group.apps().ifPresent(apps -> {
            ArrayNode items = out.putArray("apps");
            apps.forEach(app -> items.add(AppWriter.write(app.app(), AppMeta.at(0))));
        });
        group.groups().ifPresent(groups -> {
            ArrayNode items = out.putArray("groups");
            groups.forEach(inner -> items.add(shown(inner)));
        });
        return out;
    }

    private static ObjectNode expected(JsonNode given, PathId base) {
        ObjectNode group = given.deepCopy();
        PathId id = PathId.resolve(given.path("id").asText(""), base).orElseThrow();
        group.put("id", id.path());
        if (given.has("apps")) {
            ArrayNode apps = group.putArray("apps");
            for (JsonNode app : given.path("apps")) {
                ObjectNode one = app.deepCopy();
                one.put("id", PathId.resolve(app.path("id").textValue(), id).orElseThrow().path());
                one.remove(List.of("version", "versionInfo"));
                apps.add(Shown.expected(one));
            }
        }
        if (given.has("groups")) {
            ArrayNode groups = group.putArray("groups");
            given.path("groups").forEach(inner -> groups.add(expected(inner, id)));
        }
        return group;
    }

    // ------------------------------------------------------------ ids

    @Test
    void resolvesIdsAgainstTheGroupAround() {
        Group group = read("/a", "{'id':'b','dependencies':['../c','/d','e'],"
                + "'apps':[{'id':'x','cmd':'sleep 1','dependencies':['../y']},"
                + "{'id':'../b/y','cmd':'sleep 1'}],"
                + "'groups':[{'id':'/a/b/g','apps':null,'groups':[{'id':'h'}]},{'id':'../../a/b/i'}]}");
        assertThat(group.id()).isEqualTo(new PathId("/a/b"));
        assertThat(group.dependencies().orElseThrow()).extracting(PathId::path)
                .containsExactly("/a/c", "/d", "/a/b/e");
        assertThat(group.apps().orElseThrow()).extracting(app -> app.id().path())
                .containsExactly("/a/b/x", "/a/b/y");
        assertThat(group.apps().orElseThrow().getFirst().app().dependencies())
                .containsExactly(new PathId("/a/b/y"));
        assertThat(group.groups().orElseThrow()).extracting(inner -> inner.id().path())
                .containsExactly("/a/b/g", "/a/b/i");
        assertThat(group.groups().orElseThrow().getFirst().apps()).isEmpty();
        assertThat(read("/a", "{'id':'/z'}").id()).isEqualTo(new PathId("/z"));
        assertThat(read("/a", "{}")).isEqualTo(new Group(new PathId("/a"), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void refusesIdsThatDoNotFit() {
        String app = "'cmd':'sleep 1'";
        assertThat(problems("/g", "{'apps':[{'id':'/x'," + app + "},{'id':'a/b'," + app + "}]}"))
                .containsExactly("/apps(0)/id: Identifier is not child of '/g'",
                        "/apps(1)/id: Identifier is not child of '/g'");
        assertThat(problems("/g",
                "{'groups':[{'id':'a/b'},{'id':'c'},{'id':'/g/c'},{'id':'..'}]}"))
                .containsExactly("/groups(0)/id: Group has to be child of groups with parent id",
                        "/groups(2)/id: each group may occur once only",
                        "/groups(3)/id: Group has to be child of groups with parent id");
        assertThat(problems("/g", "{'apps':[{'id':'x'," + app + "},{'id':'/g/x'," + app + "}]}"))
                .containsExactly("/apps(1)/id: each app may occur once only");
        assertThat(problems("/g", "{'groups':[{'id':'a','apps':[{'id':'x'," + app
                + "}],'groups':[{'id':'x'}]}]}")).containsExactly(
                        "/groups(0): Groups and Applications may not have the same identifier.");
        assertThat(problems("/g", "{'dependencies':['A b']}")).containsExactly(
                "/dependencies(0): must fully match regular expression of an app id");
        assertThat(problems("/", "{'groups':[{'apps':[]}],'id':'A'}")).containsExactly(
                "/id: error.pattern",
                "/groups(0)/id: 'id' is undefined on object. Available keys are 'apps'");
    }

    // ------------------------------------------------------------ faults of apps

    @Test
    void tellsFaultsOfAppsByTheirPlaceAndThoseOfTheFirstAsMarathonDoes() {
        String none = "AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'.";
        assertThat(problems("/g", "{'groups':[{'id':'a','apps':[{'id':'x','cmd':'sleep 1'},"
                + "{'id':'y','role':'me'},{'id':'z'}]}]}")).containsExactly(
                        "/groups(0)/apps(1): " + none, "/: " + none,
                        "/groups(0)/apps(1)/role: got me, expected one of: [*, g]",
                        "/role: got me, expected one of: [*, g]",
                        "/groups(0)/apps(2): " + none);
        assertThat(problems("/g", "{'apps':[{'id':'x','cpus':'1'},{'id':'y','mem':-1}]}"))
                .containsExactly("/apps(0)/cpus: error.expected.jsnumber",
                        "/apps(1)/mem: error.min");
    }

    // ------------------------------------------------------------ version, factor, role

    @Test
    void goesBackOrScalesOnlyForItself() {
        PathId id = new PathId("/g");
        assertThat(reader.readUpdate(id, json("{'version':'2014-03-01T23:29:30.158Z'}"), NONE))
                .isEqualTo(new GroupUpdate.Rollback(id, 1_393_716_570_158L));
        assertThat(reader.readUpdate(id, json("{'scaleBy':1.5,'apps':null}"), NONE))
                .isEqualTo(new GroupUpdate.ScaleBy(id, 1.5));
        String alone = ": not allowed in conjunction with other properties.";
        assertThat(problems("/g", "{'version':'x','scaleBy':2}"))
                .containsExactly("/version" + alone, "/scaleBy" + alone);
        assertThat(problems("/g", "{'groups':[{'id':'a','scaleBy':2}]}"))
                .containsExactly("/groups(0)/scaleBy" + alone);
        assertThat(problems("/g", "{'scaleBy':-1}")).containsExactly("/scaleBy: error.min");
        assertThat(Fixtures.refusal(() -> read("/g", "{'version':'old'}")).message())
                .startsWith("Invalid timestamp provided 'old'.");
    }

    @ParameterizedTest
    @CsvSource({"3,1.1,4", "10,1.1,11", "0,5,0", "7,0,0", "2000000000,2,2147483647", "1,0.1,1"})
    void roundsUp(int instances, double factor, int wanted) {
        assertThat(new GroupUpdate.ScaleBy(PathId.ROOT, factor).instancesOf(instances))
                .isEqualTo(wanted);
    }

    @Test
    void changesTheRoleOfUppermostGroupsOnly() {
        PathId top = new PathId("/dev");
        assertThat(reader.readPatch(top, json("{'enforceRole':true,'id':'/x'}")))
                .isEqualTo(new GroupUpdate.EnforceRole(top, true));
        assertThat(Fixtures.problems(Fixtures.refusal(() -> reader.readPatch(top, json("{}")))))
                .singleElement().asString()
                .startsWith("/enforceRole: 'enforceRole' is undefined on object");
        for (String id : List.of("/", "/dev/a")) {
            assertThat(Fixtures.problems(Fixtures.refusal(
                    () -> reader.readPatch(new PathId(id), json("{'enforceRole':true}")))))
                    .containsExactly("/enforceRole: enforceRole can only be set for top-level"
                            + " groups, and " + id + " is not top-level");
        }
    }

    @Test
    void appsOfAGroupThatEnforcesItsRoleGetIt() {
        String apps = "'groups':[{'id':'b','apps':[{'id':'x','cmd':'sleep 1'}]}]";
        Set<PathId> enforcing = Set.of(new PathId("/dev"));
        assertThat(role("{" + apps + "}", enforcing::contains)).isEqualTo("dev");
        assertThat(role("{'enforceRole':false," + apps + "}", enforcing::contains)).isEqualTo("*");
        assertThat(role("{'enforceRole':true," + apps + "}", NONE)).isEqualTo("dev");
        assertThat(problems("/dev", "{'enforceRole':true,'apps':[{'id':'x','cmd':'sleep 1',"
                + "'role':'*'}]}")).contains("/apps(0)/role: got *, expected one of: [dev]");
    }

    private String role(String body, Predicate<PathId> enforces) {
        GroupUpdate update = reader.readUpdate(new PathId("/dev"), json(body), enforces);
        return ((GroupUpdate.Definition) update).group().flatten().apps().getFirst().app()
                .placement().role();
    }

    // ------------------------------------------------------------ circles

    private static String apps(String... idsAndDependencies) {
        StringBuilder items = new StringBuilder();
        for (String one : idsAndDependencies) {
            String[] parts = one.split(">", -1);
            items.append(items.isEmpty() ? "" : ",").append("{'id':'").append(parts[0])
                    .append("','cmd':'sleep 1','dependencies':[")
                    .append(parts.length > 1 ? "'" + parts[1] + "'" : "").append("]}");
        }
        return "'apps':[" + items + "]";
    }

    @Test
    void findsCircles() {
        for (String body : List.of("{" + apps("a>/g/a") + "}", "{" + apps("a>/g/b", "b>/g/a") + "}",
                "{" + apps("a>/g") + "}",
                "{" + apps("a", "b") + ",'dependencies':['a','b']}",
                "{'groups':[{'id':'x','dependencies':['/g/y']," + apps("a") + "},"
                        + "{'id':'y','dependencies':['/g/x']," + apps("b") + "}]}",
                "{'groups':[{'id':'x'," + apps("a>/g/y") + "},"
                        + "{'id':'y','groups':[{'id':'z'," + apps("b>/g/x/a") + "}]}]}",
                "{'dependencies':['/g/x'],'groups':[{'id':'x'," + apps("a", "b") + "}]}")) {
            assertThat(problems("/g", body)).as(body)
                    .containsExactly("/: Dependency graph has cyclic dependencies.");
        }
    }

    @Test
    void whatOnlyLooksLikeACircleIsNone() {
        for (String body : List.of("{" + apps("a>/g/b", "b>/g/c", "c>/elsewhere") + "}",
                // All but the app itself wait for it.
                "{'dependencies':['a']," + apps("a", "b", "c") + "}",
                "{'dependencies':['x'],'groups':[{'id':'x'," + apps("a") + "},{'id':'y',"
                        + apps("b") + "}]}",
                // Groups without apps wait for nobody.
                "{'groups':[{'id':'x','dependencies':['/g/y']},{'id':'y','dependencies':['/g/x'],"
                        + apps("b") + "}]}",
                "{'groups':[{'id':'x','dependencies':['/g/y']," + apps("a>/g/y/b", "b>/g/y/b")
                        + "},{'id':'y'," + apps("b", "c>/g/y/b") + "}]}")) {
            assertThat(read("/g", body).id()).as(body).isEqualTo(new PathId("/g"));
        }
    }

    // ------------------------------------------------------------ what stays and what goes

    @Test
    void tellsWhatStaysAndWhatGoes() {
        FlatGroup flat = read("/g", "{" + apps("a") + ",'groups':["
                + "{'id':'keeps'},{'id':'empties','apps':[],'groups':[]}]}").flatten();
        assertThat(flat.apps()).extracting(app -> app.id().path()).containsExactly("/g/a");
        assertThat(flat.groups()).containsExactly(member("/g", true, true),
                member("/g/keeps", false, false), member("/g/empties", true, true));
        FlatGroup.Removals removals = flat.removals();
        assertThat(Stream.of("/a", "/g/a", "/g/b", "/g/keeps/a", "/g/keeps/x/a", "/g/empties/a",
                "/g/empties/x/a", "/g/gone/a", "/gg/a").map(PathId::new)
                .filter(removals::app).map(PathId::path))
                .containsExactly("/g/b", "/g/empties/a", "/g/empties/x/a", "/g/gone/a");
        assertThat(Stream.of("/", "/g", "/g/keeps", "/g/keeps/x", "/g/empties", "/g/empties/x/y",
                "/g/gone", "/h").map(PathId::new).filter(removals::group).map(PathId::path))
                .containsExactly("/g/empties/x/y", "/g/gone");
        assertThat(Stream.of("/p", "/g/p", "/g/empties/p", "/g/empties/x/p", "/g/gone/p")
                .map(PathId::new).filter(removals::pod).map(PathId::path))
                .containsExactly("/g/empties/x/p", "/g/gone/p");
    }

    private static FlatGroup.Member member(String id, boolean apps, boolean groups) {
        return new FlatGroup.Member(new PathId(id), apps, groups, Optional.empty(),
                Optional.empty());
    }

    @Test
    void clientsThatDoNotKnowOurObjectsDoNotLoseThem() {
        Group group = read("/g", "{'apps':[{'id':'a','cmd':'sleep 1'},{'id':'b','cmd':'sleep 1',"
                + "'rollout':{'deadlineSeconds':9},'placement':null}]}");
        assertThat(group.apps().orElseThrow()).extracting(AppUpdate.Replacement::rolloutGiven,
                AppUpdate.Replacement::placementGiven)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(false, false),
                        org.assertj.core.groups.Tuple.tuple(true, false));
    }
}
