package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppMeta;
import io.springtide.api.marathon.AppWriter;
import io.springtide.core.model.AppVersion;
import java.util.List;
import java.util.Map;

/**
 * A configuration as clients see it, as bytes with two gaps: for the count of instances and, at the end,
 * for the versions. Scaling and restarting change only what is in the gaps. Never changed.
 *
 * @param servicePorts which it shows
 * @param head up to the count
 * @param tail from behind the count to the version
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record AppText(List<Integer> servicePorts, byte[] head, byte[] tail) {

    private static final String COUNT = "instances";
    private static final byte[] LAST_SCALING = JsonBytes
            .ascii(",\"versionInfo\":{\"lastScalingAt\":");
    private static final byte[] LAST_CHANGE = JsonBytes.ascii(",\"lastConfigChangeAt\":");

    static AppText of(App app, List<Integer> servicePorts) {
        ObjectNode whole = AppWriter.write(app, new AppMeta(0, 0, 0, servicePorts));
        whole.remove(List.of("version", "versionInfo"));
        JsonBytes out = JsonBytes.small();
        byte[] head = {};
        boolean any = false;
        for (Map.Entry<String, JsonNode> member : whole.properties()) {
            if (any) {
                out.raw(',');
            }
            any = true;
            out.text(member.getKey()).raw(':');
            if (member.getKey().equals(COUNT)) {
                head = out.take();
            } else {
                out.tree(member.getValue());
            }
        }
        return new AppText(List.copyOf(servicePorts), head, out.raw(",\"version\":").take());
    }

    /** The members of the app, without the braces around them. */
    void write(JsonBytes out, AppVersion version) {
        out.raw(head).number(version.spec().instances()).raw(tail).time(version.versionMs())
                .raw(LAST_SCALING).time(version.scaledMs())
                .raw(LAST_CHANGE).time(version.configuredMs()).raw('}');
    }
}
