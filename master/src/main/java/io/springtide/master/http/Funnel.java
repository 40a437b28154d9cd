package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why no agent takes one more instance of an app: how many there are, and how many are left behind each
 * veto.
 *
 * @param silent what to call agents that are not heard of
 */
record Funnel(AppSpec spec, Rejections why, String silent) {

    Funnel(AppSpec spec, Rejections why) {
        this(spec, why, "silent");
    }

    /** A veto, and how many agents had it first. */
    private record Stage(Rejection rejection, int count, String text, List<String> constraint) {}

    /** For example: 5 000 agents, 1 200 without cpu, 40 by rack UNIQUE, 0 left; closest: ... */
    String sentence() {
        StringBuilder text = new StringBuilder(number(why.agents()))
                .append(why.agents() == 1 ? " agent" : " agents");
        int left = why.agents();
        for (Stage stage : stages()) {
            text.append(", ").append(number(stage.count())).append(' ').append(stage.text());
            left -= stage.count();
        }
        text.append(", ").append(number(Math.max(0, left))).append(" left");
        why.closest().ifPresent(one -> text.append("; closest: ").append(one.agent())
                .append(", ").append(missing(one)));
        return text.toString();
    }

    /** The vetoes, largest decision first come, as objects. */
    ArrayNode json() {
        ArrayNode stages = Json.object().putArray("rejections");
        for (Stage stage : stages()) {
            ObjectNode one = stages.addObject().put("reason", ClusterCounts.word(stage.rejection()))
                    .put("count", stage.count()).put("text", stage.text());
            if (!stage.constraint().isEmpty()) {
                ArrayNode parts = one.putArray("constraint");
                stage.constraint().forEach(parts::add);
            }
        }
        return stages;
    }

    /** Adds the agent that is short of least, if it is known. */
    void putClosest(ObjectNode node) {
        why.closest().ifPresent(one -> {
            ObjectNode closest = node.putObject("closest").put("agent", one.agent()).put("reason",
                    ClusterCounts.word(one.reason()));
            if (counted(one)) {
                closest.put("missing", amount(one));
            }
            closest.put("text", missing(one));
        });
    }

    private List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        for (Rejection rejection : Rejection.values()) {
            int count = why.count(rejection);
            if (rejection == Rejection.CONSTRAINT) {
                List<Constraint> constraints = spec.shape().rules().constraints();
                for (int i = 0; i < Math.min(constraints.size(),
                        why.byConstraint().size()); i++) {
                    int by = why.byConstraint().get(i);
                    if (by > 0) {
                        Constraint one = constraints.get(i);
                        stages.add(new Stage(rejection, by, "by " + one.text(), parts(one)));
                        count -= by;
                    }
                }
            }
            if (count > 0) {
                stages.add(new Stage(rejection, count, text(rejection), List.of()));
            }
        }
        return stages;
    }

    private static List<String> parts(Constraint one) {
        return one.value().isEmpty()
                ? List.of(one.field(), one.operator().name())
                : List.of(one.field(), one.operator().name(), one.value());
    }

    private String text(Rejection rejection) {
        return switch (rejection) {
            case AGENT_SILENT -> silent;
            case RUNTIME -> "without the runtime "
                    + spec.shape().runtime().name().toLowerCase(Locale.ROOT);
            case CPUS -> "without cpu";
            case MEMORY -> "without memory";
            case DISK -> "without disk";
            case GPUS -> "without gpu";
            case PORTS -> "without free ports";
            case ROLE -> "reserved for other roles";
            case CONSTRAINT -> "by a constraint";
            case AFFINITY -> "by a required neighbour";
            case SLACK -> "without measured slack";
            case HELD -> "held for an app that has waited longer";
            case CORDONED -> "cordoned or drained";
            case QUOTA -> "by the quota of role " + spec.shape().rules().role();
        };
    }

    /** Of a share of a GPU it is not known how much of it is missing. */
    private boolean counted(Rejections.Closest one) {
        return one.missing() > 0 && (one.reason() != Rejection.GPUS
                || spec.shape().resources().gpuShareMilli() == 0);
    }

    private static BigDecimal amount(Rejections.Closest one) {
        return switch (one.reason()) {
            case CPUS, SLACK -> thousandths(one.missing());
            case MEMORY, DISK, GPUS, PORTS, AGENT_SILENT, RUNTIME, ROLE, CONSTRAINT, AFFINITY, HELD,
                    QUOTA, CORDONED ->
                BigDecimal.valueOf(one.missing());
        };
    }

    private static BigDecimal thousandths(long milli) {
        BigDecimal amount = BigDecimal.valueOf(milli, 3).stripTrailingZeros();
        return amount.scale() < 0 ? amount.setScale(0) : amount;
    }

    private String missing(Rejections.Closest one) {
        String amount = amount(one).toPlainString();
        if (!counted(one)) {
            return text(one.reason());
        }
        return switch (one.reason()) {
            case CPUS -> "short of " + amount + " cpu";
            case SLACK -> "short of " + amount + " cpu of measured slack";
            case MEMORY -> "short of " + amount + " MiB of memory";
            case DISK -> "short of " + amount + " MiB of disk";
            case GPUS -> "short of " + amount + " gpu";
            case PORTS -> "short of " + amount + (one.missing() == 1 ? " port" : " ports");
            case AGENT_SILENT, RUNTIME, ROLE, CONSTRAINT, AFFINITY, HELD, QUOTA, CORDONED ->
                text(one.reason());
        };
    }

    /** With blanks between thousands, which no language takes for anything else. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }
}
