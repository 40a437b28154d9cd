package io.springtide.agent.health;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Inside;
import io.springtide.agent.runtime.Task;
import java.time.Duration;
import java.util.Optional;

/**
 * Knows four commands: {@code true}, {@code slow}, an exit code, and an exit code with output; and one
 * IPv6 address.
 */
final class FakeInside implements Inside {

    volatile Optional<String> ipv6 = Optional.empty();

    @Override
    public CommandEnd command(Task task, String command, Duration timeout) {
        String[] words = command.split(" ", 2);
        return switch (words[0]) {
            case "true" -> new CommandEnd.Exited(0, "");
            case "slow" -> new CommandEnd.TimedOut();
            default -> new CommandEnd.Exited(Integer.parseInt(words[0]),
                    words.length > 1 ? words[1] : "");
        };
    }

    @Override
    public Optional<String> ipv6Address(Task task) {
        return ipv6;
    }
}
