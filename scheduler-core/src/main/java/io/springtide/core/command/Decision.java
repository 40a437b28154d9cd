package io.springtide.core.command;

import io.springtide.core.event.Event;
import java.util.ArrayList;
import java.util.List;

/** The facts that follow from a command, to be applied in order, and the answer to it. */
public record Decision(List<Event> events, Answer answer) {

    public static final Decision NONE = new Decision(List.of(), Answer.NOTHING);

    public Decision {
        events = List.copyOf(events);
    }

    /** Both, one after the other; the answer is the first one's unless that says nothing. */
    public Decision and(Decision other) {
        if (other.events.isEmpty()) {
            return this;
        }
        List<Event> all = new ArrayList<>(events);
        all.addAll(other.events);
        return new Decision(all, answer.equals(Answer.NOTHING) ? other.answer : answer);
    }

    public static Decision refused(Answer.Code code, String detail) {
        return new Decision(List.of(), new Answer.Refused(code, detail));
    }
}
