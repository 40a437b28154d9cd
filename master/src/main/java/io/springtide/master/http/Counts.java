package io.springtide.master.http;

import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;

/** How many tasks are in which state, as Marathon counts them; a task may count in several ways or none. */
record Counts(int staged, int running, int healthy, int unhealthy) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counts with(Condition condition, boolean healthChecked, Health health) {
        boolean isStaged = condition == Condition.PLACED || condition == Condition.STAGING;
        boolean isRunning = condition == Condition.RUNNING;
        return new Counts(staged + (isStaged ? 1 : 0), running + (isRunning ? 1 : 0),
                healthy + (isRunning && healthChecked && health == Health.ALIVE ? 1 : 0),
                unhealthy + (healthChecked && health == Health.DEAD ? 1 : 0));
    }

    Counts with(TaskView task) {
        return with(task.condition(), task.healthChecked(), task.health());
    }
}
