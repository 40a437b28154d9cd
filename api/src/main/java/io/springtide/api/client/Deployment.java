package io.springtide.api.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A deployment that is under way.
 *
 * @param state {@code running}, {@code waiting} or {@code paused}
 * @param why a sentence: what it waits for; empty while it goes on
 * @param currentStep from 1
 * @param deadline when it is given up, as a timestamp
 * @param parts one for each app and pod
 * @param document what the master sent
 */
public record Deployment(String id, String version, String state, String why, long currentStep,
        long totalSteps, Optional<String> deadline, List<Part> parts, Json document) {

    public Deployment {
        parts = List.copyOf(parts);
    }

    /**
     * What becomes of one app or pod. Counts are instances.
     *
     * @param id of the app or pod
     * @param action Marathon's word, such as {@code ScaleApplication}
     * @param state one of pending, running, waiting, paused, done
     * @param fresh of the new version; of them, so many are healthy, and ready
     * @param old of older versions
     * @param stage of a canary, from 1; 0 where there are none
     * @param stageInstances so many of the new version this stage wants
     */
    public record Part(String id, boolean pod, String action, long step, String state, String why,
            long wanted, long fresh, long freshHealthy, long freshReady, long old, long ending,
            long missing, long stage, long stages, long stageInstances) {

        static Part of(Json part) {
            String app = part.get("app").text();
            return new Part(app.isEmpty() ? part.get("pod").text() : app, app.isEmpty(),
                    part.get("action").text(), part.get("step").asLong(),
                    part.get("state").text(), part.get("why").text(),
                    part.get("wanted").asLong(), part.get("new").asLong(),
                    part.get("newHealthy").asLong(), part.get("newReady").asLong(),
                    part.get("old").asLong(), part.get("ending").asLong(),
                    part.get("missing").asLong(), part.get("stage").asLong(),
                    part.get("stages").asLong(), part.get("stageInstances").asLong());
        }
    }

    /** True while somebody has to say how to go on. */
    public boolean paused() {
        return state.equals("paused");
    }

    /** Ids of its apps. */
    public List<String> apps() {
        return parts.stream().filter(part -> !part.pod()).map(Part::id).distinct().toList();
    }

    /** Ids of its pods. */
    public List<String> pods() {
        return parts.stream().filter(Part::pod).map(Part::id).distinct().toList();
    }

    static Deployment of(Json one) {
        return new Deployment(one.get("id").text(), one.get("version").text(),
                one.get("state").text(), one.get("why").text(), one.get("currentStep").asLong(),
                one.get("totalSteps").asLong(),
                Optional.of(one.get("deadline").text()).filter(text -> !text.isEmpty()),
                one.get("apps").items().stream().map(Part::of).toList(), one);
    }

    /** Marathon knows which step it is at and what that does, nothing more. */
    static Deployment ofMarathon(Json one) {
        List<Part> parts = new ArrayList<>();
        long number = 0;
        long current = one.get("currentStep").asLong();
        for (Json step : one.get("steps").items()) {
            number++;
            for (Json action : step.get("actions").items()) {
                parts.add(part(action, number, current));
            }
        }
        if (parts.isEmpty()) {
            one.get("currentActions").items().forEach(each -> parts.add(part(each, current,
                    current)));
        }
        return new Deployment(one.get("id").text(), one.get("version").text(), "running", "",
                current, one.get("totalSteps").asLong(), Optional.empty(), parts, one);
    }

    private static Part part(Json action, long step, long current) {
        String state = step < current ? "done" : step == current ? "running" : "pending";
        return Part.of(new JsonObject().with("app", action.get("app"))
                .with("pod", action.get("pod")).with("action", action.get("action"))
                .with("step", step).with("state", state).build());
    }
}
