package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Deployments in words. */
final class DeploymentText {
    private DeploymentText() {}

    /** What stands behind the counts of a progress line: step, stage, and what it waits for. */
    static String beside(Deployment deployment) {
        StringBuilder text = new StringBuilder();
        // A new app alone has two steps, of which the first does nothing.
        if (deployment.totalSteps() > 1
                && deployment.apps().size() + deployment.pods().size() != 1) {
            text.append(", step ").append(deployment.currentStep()).append('/')
                    .append(deployment.totalSteps());
        }
        for (Deployment.Part part : deployment.parts()) {
            if (part.stages() > 0 && !part.state().equals("done")) {
                text.append(", stage ").append(part.stage()).append('/').append(part.stages())
                        .append(deployment.parts().size() > 1 ? " of " + part.id() : "");
            }
        }
        if (!deployment.why().isEmpty()) {
            text.append("; ").append(deployment.paused() ? "paused" : "waiting").append(": ")
                    .append(Table.printable(deployment.why()));
        } else if (deployment.paused()) {
            text.append("; paused");
        }
        return text.toString();
    }

    /** What it waits for, as a sentence to append; empty if it goes on. */
    static String sentence(Deployment deployment) {
        String why = Table.printable(deployment.why()).strip();
        if (why.isEmpty()) {
            return deployment.paused() ? " It is paused." : "";
        }
        return (deployment.paused() ? " It is paused: " : " It waits: ") + why
                + (why.endsWith(".") ? "" : ".");
    }

    /** A deployment on a page. */
    static List<String> describe(Deployment deployment, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("deployment  " + deployment.id());
        lines.add("state       " + deployment.state()
                + (deployment.why().isEmpty() ? "" : ": " + Table.printable(deployment.why())));
        lines.add("step        " + deployment.currentStep() + " of " + deployment.totalSteps());
        lines.add("begun       " + Moments.ago(deployment.version(), now) + " ago");
        deployment.deadline().ifPresent(at -> lines.add("deadline    " + left(at, now)));
        Table table = new Table("APP", "ACTION", ">STEP", "STATE", ">WANTED", ">NEW", ">HEALTHY",
                ">READY", ">OLD", ">ENDING", ">MISSING", "STAGE", "WHY");
        for (Deployment.Part part : deployment.parts()) {
            table.row(part.id(), action(part.action()), number(part.step()), part.state(),
                    number(part.wanted()), number(part.fresh()), number(part.freshHealthy()),
                    number(part.freshReady()), number(part.old()), number(part.ending()),
                    number(part.missing()),
                    part.stages() == 0
                            ? ""
                            : part.stage() + "/" + part.stages() + " (" + part.stageInstances()
                                    + ")",
                    part.why());
        }
        lines.addAll(table.lines(true));
        return lines;
    }

    /** Marathon's name of an action as a verb: ScaleApplication is scale. */
    static String action(String name) {
        String verb = name.replace("Application", "").replace("Pod", "");
        return verb.toLowerCase(Locale.ROOT);
    }

    /** What a dry run has found, a line a step. */
    static List<String> steps(List<Json> steps) {
        if (steps.isEmpty()) {
            return List.of("Nothing would be done.");
        }
        Table table = new Table(">STEP", "ACTION", "APP");
        int number = 0;
        for (Json step : steps) {
            number++;
            for (Json action : step.get("actions").items()) {
                table.row(Integer.toString(number), action(action.get("action").text()),
                        action.get("app").textOr(action.get("pod").text()));
            }
        }
        return table.lines(true);
    }

    private static String left(String deadline, Instant now) {
        try {
            long seconds = Duration.between(now, Instant.parse(deadline)).toSeconds();
            return deadline + (seconds < 0 ? ", passed" : ", in " + Moments.span(seconds));
        } catch (DateTimeParseException ignored) {
            return deadline;
        }
    }

    private static String number(long value) {
        return Long.toString(value);
    }
}
