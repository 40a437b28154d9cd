package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.Timestamps;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.core.model.AppId;
import io.springtide.master.traffic.AppLoad;
import io.springtide.master.traffic.Published;
import io.springtide.master.traffic.TrafficLoads;
import io.springtide.master.traffic.TrafficPort;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of traffic, for people and tools. */
final class TrafficJsonView {

    private final TrafficPort.Picture picture;
    private final boolean withEndpoints;

    private TrafficJsonView(TrafficPort.Picture picture, boolean withEndpoints) {
        this.picture = picture;
        this.withEndpoints = withEndpoints;
    }

    static ObjectNode all(TrafficPort.Picture picture, TrafficLoads loads,
            boolean withEndpoints) {
        TrafficJsonView view = new TrafficJsonView(picture, withEndpoints);
        ObjectNode body = Json.object().put("revision", picture.revision());
        view.drivers(body.putArray("drivers"));
        ArrayNode services = body.putArray("services");
        picture.services().forEach(service -> view.service(services.addObject(), service));
        ObjectNode apps = body.putObject("loads");
        picture.services().stream().map(Service::app).distinct().forEach(app -> loads
                .load(new AppId(app)).ifPresent(load -> load(apps.putObject(app), load)));
        ArrayNode problems = body.putArray("problems");
        picture.faults().forEach((app, faults) -> problems(problems, app, faults));
        view.empty(body.putArray("empty"), picture.trouble().empty());
        return body.put("held", picture.held().size()).put("cuts", picture.cuts());
    }

    static ObjectNode one(AppId app, TrafficPort.Picture picture, TrafficLoads loads) {
        TrafficJsonView view = new TrafficJsonView(picture, true);
        ObjectNode body = Json.object().put("app", app.path()).put("revision",
                picture.revision());
        view.drivers(body.putArray("drivers"));
        ArrayNode services = body.putArray("services");
        picture.services().stream().filter(service -> service.app().equals(app.path()))
                .forEach(service -> view.service(services.addObject(), service));
        loads.load(app).ifPresent(load -> load(body.putObject("load"), load));
        problems(body.putArray("problems"), app, picture.faults().getOrDefault(app, List.of()));
        view.empty(body.putArray("empty"), picture.trouble().empty().stream()
                .filter(one -> one.app().equals(app)).toList());
        return body;
    }

    private void drivers(ArrayNode list) {
        picture.drivers().forEach(driver -> {
            ObjectNode one = list.addObject().put("name", driver.name())
                    .put("revision", driver.revision())
                    .put("inForce", driver.revision() >= picture.revision())
                    .put("trouble", driver.trouble());
            if (driver.atMs() != 0) {
                one.put("measuredAt", Timestamps.format(driver.atMs()));
            }
        });
    }

    private void service(ObjectNode node, Service service) {
        node.put("id", service.id()).put("app", service.app())
                .put("portIndex", service.portIndex())
                .put("protocol", service.front().protocol().name().toLowerCase(Locale.ROOT))
                .put("pathPrefix", service.front().pathPrefix())
                .put("servicePort", service.front().servicePort());
        service.front().hosts().forEach(node.putArray("hosts")::add);
        service.front().groups().forEach(node.putArray("groups")::add);
        rules(node.putObject("rules"), service.rules());
        List<ServiceLoad> measured = picture.measured().getOrDefault(service.id(), List.of());
        Map<Long, EndpointLoad> loads = new HashMap<>();
        measured.forEach(one -> one.endpoints()
                .forEach(load -> loads.merge(load.instance(), load, EndpointLoad::plus)));
        int[] counts = new int[3];
        ArrayNode endpoints = withEndpoints
                ? node.putArray("endpoints")
                : JsonNodeFactory.instance.arrayNode();
        for (Endpoint endpoint : service.endpoints()) {
            counts[kept(endpoint) ? 2 : endpoint.draining() ? 1 : 0]++;
            if (withEndpoints) {
                endpoint(endpoints.addObject(), endpoint, loads);
            }
        }
        node.put("open", counts[0]).put("draining", counts[1]).put("kept", counts[2]);
        if (!measured.isEmpty()) {
            node.putObject("load")
                    .put("arrivalsPerSecond",
                            measured.stream().mapToDouble(ServiceLoad::arrivalsPerSecond).sum())
                    .put("refusedPerSecond",
                            measured.stream().mapToDouble(ServiceLoad::refusedPerSecond).sum())
                    .put("waiting", measured.stream().mapToInt(ServiceLoad::waiting).sum());
        }
    }

    private boolean kept(Endpoint endpoint) {
        return picture.kept().contains(endpoint.instance());
    }

    private void endpoint(ObjectNode node, Endpoint endpoint, Map<Long, EndpointLoad> loads) {
        node.put("instance", endpoint.instance()).put("host", endpoint.host())
                .put("port", endpoint.port())
                .put("version", Timestamps.format(endpoint.versionMs()))
                .put("weight", endpoint.weight())
                .put("state", kept(endpoint) ? "kept" : endpoint.draining() ? "draining" : "open")
                .put("held", picture.held().contains(endpoint.instance()));
        EndpointLoad load = loads.get(endpoint.instance());
        if (load != null) {
            node.putObject("load").put("inFlight", load.inFlight())
                    .put("sessions", load.sessions())
                    .put("requestsPerSecond", load.requestsPerSecond())
                    .put("errorsPerSecond", load.errorsPerSecond()).put("meanMs", load.meanMs())
                    .put("p99Ms", load.p99Ms());
        }
    }

    private static void rules(ObjectNode node, TrafficRules rules) {
        node.put("balance", rules.balance().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("stickyCookie", rules.stickyCookie())
                .put("requestsPerSecondMax", rules.requestsPerSecondMax())
                .put("waitingMax", rules.waitingMax()).put("waitMsMax", rules.waitMsMax())
                .put("slowStartMs", rules.slowStartMs()).put("requestMsMax", rules.requestMsMax());
        ArrayNode splits = node.putArray("splits");
        rules.splits()
                .forEach(split -> splits.addObject().put("header", split.header())
                        .put("cookie", split.cookie()).put("value", split.value())
                        .put("version", Timestamps.format(split.versionMs())));
    }

    private static void load(ObjectNode node, AppLoad load) {
        node.put("arrivalsPerSecond", load.arrivalsPerSecond())
                .put("refusedPerSecond", load.refusedPerSecond())
                .put("concurrency", load.concurrency()).put("waiting", load.waiting())
                .put("p99Ms", load.p99Ms()).put("errorsPerSecond", load.errorsPerSecond())
                .put("instances", load.instances());
        if (load.atMs() != 0) {
            node.put("measuredAt", Timestamps.format(load.atMs()));
        }
    }

    /** Labels that could not be followed. */
    static void problems(ArrayNode list, AppId app, List<Published.Fault> faults) {
        faults.forEach(fault -> list.addObject().put("app", app.path())
                .put("label", fault.label()).put("message", fault.text()));
    }

    private void empty(ArrayNode list, List<TrafficPort.Empty> empty) {
        empty.forEach(one -> list.addObject().put("app", one.app().path()).put("kept", one.kept())
                .put("since", Timestamps.format(one.sinceMs())));
    }
}
