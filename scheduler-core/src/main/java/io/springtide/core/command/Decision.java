package io.springtide.core.command;

import io.springtide.core.event.Event;
import java.util.List;

/** The facts that follow from a command, to be applied in order, and the answer to it. */
public record Decision(List<Event> events, Answer answer) {

    public static final Decision NONE = new Decision(List.of(), Answer.NOTHING);

    public Decision {
        events = List.copyOf(events);
    }

    public static Decision refused(Answer.Code code, String detail) {
        return new Decision(List.of(), new Answer.Refused(code, detail));
    }
}
