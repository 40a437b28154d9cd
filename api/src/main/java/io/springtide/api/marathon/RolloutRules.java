package io.springtide.api.marathon;

import java.util.List;
import java.util.OptionalInt;

/** The rules of the fourth phase that concern an app's object {@code rollout}. */
final class RolloutRules {

    private final App app;
    private final RolloutTerms terms;
    private final String path;
    private final Violations violations;

    RolloutRules(App app, String path, Violations violations) {
        this.app = app;
        this.terms = app.rollout().terms();
        this.path = path + "/rollout";
        this.violations = violations;
    }

    void check() {
        require(!terms.isBlueGreen() || terms.canary().isEmpty(), "/canary",
                "goes with strategy rolling only");
        require(terms.isBlueGreen() || terms.promote().isEmpty(), "/promote",
                "goes with strategy blueGreen only");
        require(terms.deadlineSeconds().isPresent() || terms.onDeadline().isEmpty(), "/onDeadline",
                "needs deadlineSeconds");
        checkRising();
        checkSideBySide();
    }

    private void require(boolean rule, String where, String error) {
        violations.require(rule, path + where, error);
    }

    /** Numbers and parts cannot be compared, since an app can be scaled: each kind rises for itself. */
    private void checkRising() {
        int count = 0;
        int percent = 0;
        List<RolloutTerms.Stage> stages = terms.canary();
        for (int i = 0; i < stages.size(); i++) {
            String where = "/canary(" + i + ")";
            switch (stages.get(i).size()) {
                case RolloutTerms.Size.Instances(int wanted) -> {
                    require(wanted > count, where + "/instances",
                            "must be more than the " + count + " of an earlier stage");
                    count = Math.max(count, wanted);
                }
                case RolloutTerms.Size.Percent(int wanted) -> {
                    require(wanted > percent, where + "/percent",
                            "must be more than the " + percent + " of an earlier stage");
                    percent = Math.max(percent, wanted);
                }
            }
        }
    }

    /** What never runs twice, or owns data where it is, cannot have its successor beside it. */
    private void checkSideBySide() {
        String who = app.isSingleInstance() ? "a single instance app" : "an app that owns data";
        if (app.isSingleInstance() || app.isResident()) {
            require(!terms.isBlueGreen(), "/strategy",
                    "blueGreen runs two versions side by side, which " + who + " must not");
            require(isNought(terms.maximumOver()), "/maximumOver", "must be 0 for " + who);
        }
        if (app.isSingleInstance()) {
            require(isNought(terms.minimumHealthy()), "/minimumHealthy", "must be 0 for " + who);
        }
    }

    private static boolean isNought(OptionalInt number) {
        return number.orElse(0) == 0;
    }
}
