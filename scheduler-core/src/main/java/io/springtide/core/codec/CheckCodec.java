package io.springtide.core.codec;

import io.springtide.core.Check;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.InstanceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What instances were answered by checks. It stands behind what statuses have said before that. */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class CheckCodec {

    private CheckCodec() {}

    public static void write(FactWriter out, CheckResult result) {
        out.number(result.kind().ordinal());
        out.signed(result.value());
    }

    /**
     * The result that was written.
     *
     * @throws IllegalArgumentException if the bytes are damaged
     */
    public static CheckResult read(FactReader in) {
        return new CheckResult(ModelCodec.pick(CheckResult.Kind.values(), in),
                (int) in.signed());
    }

    /** The answers in statuses; nothing at all where there is none, as in facts of older releases. */
    static void writeAnswers(FactWriter out, List<InstanceStatus> statuses) {
        long answered = statuses.stream().filter(status -> status.check().isPresent()).count();
        if (answered == 0) {
            return;
        }
        out.number(answered);
        for (int i = 0; i < statuses.size(); i++) {
            Optional<CheckResult> answer = statuses.get(i).check();
            if (answer.isPresent()) {
                out.number(i);
                write(out, answer.get());
            }
        }
    }

    /** The statuses with the answers that stand behind them, if there are any. */
    static List<InstanceStatus> readAnswers(FactReader in, List<InstanceStatus> silent) {
        if (!in.hasMore()) {
            return silent;
        }
        List<InstanceStatus> statuses = new ArrayList<>(silent);
        for (int i = in.count(); i > 0; i--) {
            int at = in.smallNumber();
            Check.argument(at >= 0 && at < statuses.size(), "an answer belongs to no status");
            statuses.set(at, statuses.get(at).with(Optional.of(read(in))));
        }
        return statuses;
    }
}
