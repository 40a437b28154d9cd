package io.springtide.core.model;

/**
 * What a deployment does to one app.
 *
 * @param originalMs version before it; 0 = there was no such app
 * @param targetMs version meant; 0 = the app is to go
 */
public record DeploymentAction(AppId app, Kind kind, long originalMs, long targetMs) {

    /** The order is part of the journal's format. */
    public enum Kind {
        START, SCALE, RESTART, STOP
    }
}
