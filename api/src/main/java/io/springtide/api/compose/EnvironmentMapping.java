package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The environment of a service: its files first, in their order, then what stands in the service. */
final class EnvironmentMapping {
    private final Node service;
    private final Surroundings surroundings;
    private final Map<String, String> all = new LinkedHashMap<>();

    private EnvironmentMapping(Node service, Surroundings surroundings) {
        this.service = service;
        this.surroundings = surroundings;
    }

    /** All of it; a name without a value takes it from the caller, and is left out if he has none. */
    static Json of(Node service, Surroundings surroundings, Set<String> otherServices) {
        EnvironmentMapping one = new EnvironmentMapping(service, surroundings);
        for (Node file : service.get("env_file").itemOrItems()) {
            one.file(file);
        }
        Node environment = service.get("environment");
        environment.pairs().forEach((name, value) -> value
                .or(() -> surroundings.variable(name)).ifPresentOrElse(
                        text -> one.all.put(name, text), () -> one.all.remove(name)));
        one.warnOfNames(otherServices);
        JsonObject env = new JsonObject();
        one.all.forEach(env::with);
        return env.build();
    }

    private void file(Node file) {
        Node path = file.isObject() ? file.get("path") : file;
        boolean required = !file.isObject() || !file.get("required").present()
                || file.get("required").flag();
        Optional<String> text = surroundings.file(path.text());
        if (text.isEmpty() && required) {
            path.error("there is no file " + path.text());
        }
        text.ifPresent(content -> all.putAll(EnvironmentFile.read(content, path)));
    }

    /** Compose lets services find each other by name; that is worth a word where one counts on it. */
    private void warnOfNames(Set<String> otherServices) {
        for (String other : otherServices) {
            Pattern host = Pattern.compile("(^|//|[@,;=])" + Pattern.quote(other) + "([:/,;]|$)");
            all.forEach((name, value) -> {
                if (host.matcher(value).find()) {
                    service.get("environment").get(name).warn("'" + other + "' is the name of a"
                            + " service, and names of services are no addresses here: name one that"
                            + " instances can reach, such as a load balancer's");
                }
            });
        }
    }
}
