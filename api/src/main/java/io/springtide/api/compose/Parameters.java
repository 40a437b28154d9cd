package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys of a service that are options of {@code docker run}, which agents hand to Docker as they are. */
final class Parameters {
    /** Lists, or one text. */
    private static final Map<String, String> LISTS = Map.of("cap_add", "cap-add", "cap_drop",
            "cap-drop", "devices", "device", "dns", "dns", "dns_search", "dns-search", "group_add",
            "group-add", "security_opt", "security-opt");

    private static final Map<String, String> SINGLES = Map.ofEntries(
            Map.entry("cpuset", "cpuset-cpus"), Map.entry("domainname", "domainname"),
            Map.entry("hostname", "hostname"), Map.entry("init", "init"),
            Map.entry("ipc", "ipc"), Map.entry("mac_address", "mac-address"),
            Map.entry("oom_score_adj", "oom-score-adj"), Map.entry("pid", "pid"),
            Map.entry("pids_limit", "pids-limit"), Map.entry("read_only", "read-only"),
            Map.entry("runtime", "runtime"), Map.entry("shm_size", "shm-size"),
            Map.entry("stop_signal", "stop-signal"), Map.entry("userns_mode", "userns"),
            Map.entry("uts", "uts"), Map.entry("working_dir", "workdir"));

    /** Keys that this class and {@link VolumeMapping} read; in the order in which they are written. */
    static final List<String> KEYS = List.of("cap_add", "cap_drop", "cpuset", "devices", "dns",
            "dns_search", "domainname", "extra_hosts", "group_add", "hostname", "init", "ipc",
            "mac_address", "oom_score_adj", "pid", "pids_limit", "read_only", "runtime",
            "security_opt", "shm_size", "stop_signal", "sysctls", "ulimits", "userns_mode", "uts",
            "working_dir");

    private final List<Json> list = new ArrayList<>();

    static Parameters of(Node service) {
        Parameters all = new Parameters();
        for (String key : KEYS) {
            Node value = service.get(key);
            if (value.present()) {
                all.take(key, value);
            }
        }
        return all;
    }

    void add(String key, String value) {
        list.add(new JsonObject().with("key", key).with("value", value).build());
    }

    List<Json> list() {
        return list;
    }

    private void take(String key, Node value) {
        String single = SINGLES.get(key);
        String many = LISTS.get(key);
        if (single != null) {
            add(single, value.text());
        } else if (many != null) {
            value.itemOrItems().forEach(item -> add(many, item.text()));
        } else if (key.equals("sysctls")) {
            value.pairs().forEach((name, each) -> add("sysctl", name + "=" + each.orElse("")));
        } else if (key.equals("extra_hosts")) {
            extraHosts(value);
        } else {
            ulimits(value);
        }
    }

    private void extraHosts(Node hosts) {
        if (hosts.isObject()) {
            hosts.fields().forEach((name, address) -> add("add-host", name + ":" + address.text()));
        } else {
            // The newer form has an equals sign, so that addresses of IPv6 can be told from names.
            hosts.items().forEach(host -> add("add-host", host.text().replaceFirst("=", ":")));
        }
    }

    private void ulimits(Node limits) {
        limits.fields().forEach((name, limit) -> {
            if (limit.isObject()) {
                add("ulimit", name + "=" + limit.get("soft").text() + ":"
                        + limit.get("hard").text());
            } else {
                add("ulimit", name + "=" + limit.text());
            }
        });
    }
}
