package io.springtide.core.command;

import java.util.List;

/** What the one who sent a command gets back, once the facts behind it are durable. */
public sealed interface Answer {

    /** There is nothing to tell. */
    record Nothing() implements Answer {}

    /**
     * It will be done.
     *
     * @param deployment the number of the deployment that does it; 0 = none is needed
     * @param versionMs the version that came of it; 0 = none
     * @param instances those it concerns, where the command named some
     */
    record Accepted(long deployment, long versionMs, List<Long> instances) implements Answer {

        public Accepted {
            instances = List.copyOf(instances);
        }
    }

    /**
     * It cannot be granted, and nothing has changed.
     *
     * @param detail a sentence: what, to which app or agent, and what to do
     * @param deployments those in the way, if that is why
     * @param path of what is wrong in the request, as Marathon writes it; {@code /} = all of it
     */
    record Refused(Code code, String detail, List<Long> deployments, String path)
            implements
                Answer {

        public Refused {
            deployments = List.copyOf(deployments);
        }

        public Refused(Code code, String detail, List<Long> deployments) {
            this(code, detail, deployments, "/");
        }

        public Refused(Code code, String detail) {
            this(code, detail, List.of());
        }
    }

    /** Public reasons of a refusal. */
    enum Code {
        NOT_FOUND, EXISTS, LOCKED,
        /** The app has changed since the version the request was made from: read it again. */
        STALE, EXHAUSTED, AGENT_REFUSED,
        /** It contradicts itself, or what is there already. */
        INVALID,
        /** It makes no sense now, though it may later. */
        CONFLICT
    }

    Answer NOTHING = new Nothing();
}
