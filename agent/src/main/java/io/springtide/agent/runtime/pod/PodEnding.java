package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Ending;
import java.util.List;
import java.util.Optional;

/** Sums up how the containers of a pod have ended. */
final class PodEnding {

    private PodEnding() {}

    /**
     * The end of the instance: a failure if any container failed that ended by itself, else success.
     *
     * @param members of which all have ended
     */
    static Ending of(List<Member> members) {
        if (members.stream().allMatch(member -> is(member, Ending.Gone.class))) {
            return new Ending.Gone("no container of the pod is there any more: "
                    + members.get(0).message());
        }
        List<Member> own = members.stream().filter(Member::endedByItself).toList();
        Optional<Member> notStarted = first(own, Ending.NotStarted.class);
        Optional<Member> failed = own.stream()
                .filter(member -> is(member, Ending.Exited.class) && member.exitCode() != 0)
                .findFirst();
        Optional<Member> gone = first(own, Ending.Gone.class);
        if (failed.isPresent()) {
            return exited(failed.get());
        }
        if (notStarted.isPresent()) {
            Member member = notStarted.get();
            return new Ending.NotStarted(
                    "container " + member.name() + ": " + member.message());
        }
        if (gone.isPresent()) {
            return new Ending.Exited(-1, "container " + gone.get().name()
                    + " was not found again, so the pod was ended: " + gone.get().message());
        }
        // Nobody failed: the first that ended took the others along, or all were killed.
        return own.stream().findFirst().map(PodEnding::exited).orElseGet(() -> killed(members));
    }

    private static Ending killed(List<Member> members) {
        return first(members, Ending.Exited.class)
                .<Ending>map(ran -> new Ending.Exited(ran.exitCode(), ""))
                .orElseGet(() -> new Ending.NotStarted("killed before it was started"));
    }

    private static Ending exited(Member member) {
        String said = member.message().isEmpty() ? "" : ": " + member.message();
        return new Ending.Exited(member.exitCode(), "container " + member.name()
                + " ended with exit code " + member.exitCode() + said);
    }

    private static Optional<Member> first(List<Member> members, Class<? extends Ending> kind) {
        return members.stream().filter(member -> is(member, kind)).findFirst();
    }

    private static boolean is(Member member, Class<? extends Ending> kind) {
        return member.ending().filter(kind::isInstance).isPresent();
    }
}
