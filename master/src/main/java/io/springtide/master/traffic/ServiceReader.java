package io.springtide.master.traffic;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodWriter;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.RunKind;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** What definitions say about traffic, each read once. Any thread. */
public final class ServiceReader {

    private final Map<String, Definition> byText = new WeakHashMap<>();

    /** What a version publishes, and where its instances' ports are. */
    record Definition(Published published, List<PortPlace> places) {

        Definition {
            places = List.copyOf(places);
        }
    }

    private static final Definition NOTHING = new Definition(Published.NOTHING, List.of());

    /** What an app's labels say; for those who show or warn. */
    public static Published published(App app) {
        return LabelReader.read(app.id().path(), app.labels(), app.portCount());
    }

    /** What a version's labels say. */
    public Published published(AppVersion version) {
        return saysAnything(version) ? read(version).published() : Published.NOTHING;
    }

    /** A version, if its labels say anything about traffic; most apps' do not, and cost nothing. */
    Definition definition(AppVersion version) {
        return saysAnything(version) ? read(version) : NOTHING;
    }

    /** Where the ports of a version's instances are, whatever its own labels say. */
    List<PortPlace> places(AppVersion version) {
        return read(version).places();
    }

    private static boolean saysAnything(AppVersion version) {
        String text = version.spec().definition();
        return text.contains("\"HAPROXY_") || text.contains("\"TIDE_");
    }

    private Definition read(AppVersion version) {
        String text = version.spec().definition();
        synchronized (byText) {
            Definition known = byText.get(text);
            if (known != null) {
                return known;
            }
        }
        Definition made = version.spec().kind() == RunKind.POD
                ? of(PodWriter.fromDefinition(text, version.spec().instances()))
                : of(AppWriter.fromDefinition(text, version.spec().instances()));
        synchronized (byText) {
            byText.put(text, made);
        }
        return made;
    }

    private static Definition of(App app) {
        return new Definition(published(app), PortPlace.of(app));
    }

    private static Definition of(Pod pod) {
        List<PortPlace> places = PortPlace.of(pod);
        return new Definition(LabelReader.read(pod.id().path(), pod.labels(), places.size()),
                places);
    }
}
