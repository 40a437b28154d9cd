package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.springtide.api.marathon.GroupWriter;
import io.springtide.core.model.AppVersion;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Groups with what clients want to see inside of them, piece by piece. */
final class GroupJson {

    private final AppDefinitions definitions;
    private final AppJson apps;
    private final GroupEmbeds embeds;
    private final Function<AppVersion, Optional<AppView>> views;

    /**
     * Groups for one answer.
     *
     * @param views how an app stands when it is written; empty if it has gone meanwhile
     */
    GroupJson(AppDefinitions definitions, AppJson apps, GroupEmbeds embeds,
            Function<AppVersion, Optional<AppView>> views) {
        this.definitions = definitions;
        this.apps = apps;
        this.embeds = embeds;
        this.views = views;
    }

    /** A group as a document. */
    Iterator<JsonPiece> document(GroupView group) {
        return pieces(group).iterator();
    }

    private Stream<JsonPiece> pieces(GroupView group) {
        JsonPiece head = json -> {
            json.writeStartObject();
            Json.members(json, GroupWriter.write(group.id(), group.dependencies(),
                    group.versionMs(), group.enforceRole()));
            json.writeArrayFieldStart("apps");
        };
        Stream<JsonPiece> pods = group.pods().stream()
                .map(pod -> json -> json.writeTree(definitions.pod(pod)));
        return Stream.of(
                Stream.of(head),
                embeds.apps() ? shown(group.apps()) : none(),
                Stream.of(next("pods")),
                embeds.pods() ? pods : none(),
                Stream.of(next("groups")),
                embeds.groups() ? group.groups().stream().flatMap(this::pieces) : none(),
                Stream.<JsonPiece>of(json -> {
                    json.writeEndArray();
                    json.writeEndObject();
                })).flatMap(part -> part);
    }

    /** {@code [app, ...]}, as a document. */
    Iterator<JsonPiece> array(List<AppVersion> versions) {
        return Stream.of(Stream.<JsonPiece>of(JsonGenerator::writeStartArray), shown(versions),
                Stream.<JsonPiece>of(JsonGenerator::writeEndArray)).flatMap(part -> part)
                .iterator();
    }

    private Stream<JsonPiece> shown(List<AppVersion> versions) {
        return versions.stream().map(version -> json -> {
            Optional<AppView> app = views.apply(version);
            if (app.isPresent()) {
                apps.write(json, app.get());
            }
        });
    }

    private static Stream<JsonPiece> none() {
        return Stream.empty();
    }

    private static JsonPiece next(String name) {
        return (JsonGenerator json) -> {
            json.writeEndArray();
            json.writeArrayFieldStart(name);
        };
    }
}
