package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** Writes groups as Marathon writes them. */
public final class GroupWriter {

    private GroupWriter() {}

    /**
     * A group without what is in it. The result is the caller's to extend by {@code apps}, {@code pods} and
     * {@code groups}, as far as they were asked for.
     *
     * @param enforceRole empty for groups that are not uppermost ones, where it is not shown
     */
    public static ObjectNode write(PathId id, List<PathId> dependencies, long versionMs,
            Optional<Boolean> enforceRole) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("id", id.path());
        ArrayNode list = out.putArray("dependencies");
        dependencies.forEach(dependency -> list.add(dependency.path()));
        out.put("version", Timestamps.format(versionMs));
        enforceRole.ifPresent(enforced -> out.put("enforceRole", enforced));
        return out;
    }
}
