package io.springtide.master.agents;

/**
 * What definitions may ask for and agents cannot provide, as sentences for people. An instance that needs one
 * of them ends with its sentence at once: to run without it would be something else than what was asked for.
 */
final class Unprovided {

    private Unprovided() {}

    static String secret(String where) {
        return "a secret is wanted for " + where
                + ", and there is no store of secrets; hand it over in"
                + " another way, e.g. in a file that is on the agent already";
    }

    static String persistentVolume(String path) {
        return "the persistent volume " + path
                + " cannot be made: agents have no volumes of their own;"
                + " name a folder of the host instead";
    }

    static String externalVolume(String path) {
        return "the external volume " + path + " cannot be mounted: no storage provider can be"
                + " configured; name a folder of the host instead";
    }

    static String mixedPod() {
        return "some containers of the pod have an image and others have none: an agent cannot run"
                + " containers and plain processes as one pod";
    }
}
