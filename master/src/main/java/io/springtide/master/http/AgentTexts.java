package io.springtide.master.http;

import io.springtide.core.model.AgentSpec;
import java.util.IdentityHashMap;

/**
 * Texts of the agents that tasks are shown on, each made once. An agent that has changed has another spec;
 * the texts of those that are gone are forgotten when there are too many. One thread.
 */
final class AgentTexts {

    /** Each takes some four hundred bytes. */
    private static final int TEXTS_MAX = 8_192;

    /** By the object: to compare what is in it would cost more than a text. */
    private final IdentityHashMap<AgentSpec, AgentText> texts = new IdentityHashMap<>();

    AgentText of(AgentSpec spec) {
        AgentText kept = texts.get(spec);
        if (kept != null) {
            return kept;
        }
        if (texts.size() >= TEXTS_MAX) {
            texts.clear();
        }
        AgentText made = AgentText.of(spec);
        texts.put(spec, made);
        return made;
    }
}
