package io.springtide.master.http;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A change made from what is there, submitted on condition that nobody has changed that meanwhile. If
 * somebody has, it is made again from what is there then, a few times.
 */
final class OptimisticChange {

    /** Each failed attempt means that another one succeeded; more than this is a fight between programs. */
    private static final int ATTEMPTS_MAX = 5;

    private final Exchange exchange;
    private final Supplier<Command.SubmitApps> make;
    private final Consumer<Answer.Accepted> done;

    private OptimisticChange(Exchange exchange, Supplier<Command.SubmitApps> make,
            Consumer<Answer.Accepted> done) {
        this.exchange = exchange;
        this.make = make;
        this.done = done;
    }

    /**
     * Submits what {@code make} makes; refusals are answered.
     *
     * @param make called once for each attempt; may refuse by throwing
     */
    static void submit(Exchange exchange, Supplier<Command.SubmitApps> make,
            Consumer<Answer.Accepted> done) {
        new OptimisticChange(exchange, make, done).attempt(1);
    }

    private void attempt(int number) {
        exchange.submit(make.get(), answer -> done.accept(Exchange.accepted(answer)), refusal -> {
            boolean overtaken = refusal.code() == Answer.Code.STALE
                    || refusal.code() == Answer.Code.EXISTS;
            if (overtaken && number < ATTEMPTS_MAX) {
                attempt(number + 1);
                return true;
            }
            return false;
        });
    }
}
