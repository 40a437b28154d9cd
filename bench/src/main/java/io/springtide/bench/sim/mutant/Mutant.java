package io.springtide.bench.sim.mutant;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.StatusBatch;
import io.springtide.bench.sim.Seams;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.Upkeep;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.journal.Journal;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Planted bugs, each of a kind that has hurt somebody. They sit at the seams of the simulated world, so that
 * there is no switch for them in the code that ships.
 */
public enum Mutant {

    /** An agent obeys whoever speaks, and does not say whom it has obeyed before. */
    SKIPS_THE_EPOCH_CHECK(() -> new Seams() {
        @Override
        protected Optional<MasterMessage> heard(MasterMessage message, long epochHighest) {
            return Optional.of(message.toBuilder()
                    .setEpoch(Math.max(message.getEpoch(), epochHighest)).build());
        }

        @Override
        protected AgentMessage said(AgentMessage message) {
            return message.hasRegister()
                    ? message.toBuilder()
                            .setRegister(message.getRegister().toBuilder().setEpochHighest(0))
                            .build()
                    : message;
        }
    }),

    /** A commit comes back before anything is written. */
    ACKNOWLEDGES_BEFORE_COMMIT(() -> new Seams() {
        @Override
        protected Journal journal(Journal real) {
            return new HastyJournal(real);
        }
    }),

    /** A new leader counts instances from those that are there. */
    REUSES_NUMBERS(() -> new Seams() {
        @Override
        protected void begins(ClusterState state) {
            long highest = 0;
            for (var app : state.apps().values()) {
                for (int i = 0; i < app.instances().size(); i++) {
                    highest = Math.max(highest, app.instances().get(i).number());
                }
            }
            set(state, "instanceNext", highest + 1);
        }
    }),

    /** A store that has been emptied passes for the same cluster, with nothing in it. */
    TAKES_AN_EMPTY_STORE_FOR_AN_EMPTY_CLUSTER(() -> new Seams() {
        @Override
        protected boolean emptyIsOurs() {
            return true;
        }
    }),

    /** An agent without a master ends what it runs. */
    KILLS_WHEN_ALONE(() -> new Seams() {
        @Override
        protected long stopsAloneAfterMs() {
            return 5_000;
        }
    }),

    /** Some acknowledgements never get to the agent. */
    FORGETS_AN_ACKNOWLEDGEMENT(() -> new Seams() {
        @Override
        protected Optional<MasterMessage> heard(MasterMessage message, long epochHighest) {
            return message.hasAck() && message.getAck().getSeq() % 4 == 0
                    ? Optional.empty()
                    : Optional.of(message);
        }
    }),

    /** Of what each agent has given away, the ports of its oldest instance are forgotten. */
    FORGETS_PORTS(() -> new Seams() {
        @Override
        protected void decided(SchedulerCore core) {
            AgentTable agents = core.state().agents();
            for (int row = 0; row < agents.rows(); row++) {
                if (agents.present(row) && agents.instances(row).size() > 0) {
                    giveBack(agents, row, agents.instances(row).get(0));
                }
            }
        }

        private static void giveBack(AgentTable agents, int row, Instance instance) {
            for (int i = 0; i < instance.portCount(); i++) {
                if (!agents.ports(row).isFree(instance.port(i))) {
                    agents.ports(row).giveBack(instance.port(i));
                }
            }
        }
    }),

    /** The store takes what a deposed leader writes. */
    DOES_NOT_FENCE(() -> new Seams() {
        @Override
        protected boolean fenced() {
            return false;
        }
    }),

    /** Orders follow from what is decided, and not from what is durable. */
    LAUNCHES_BEFORE_DURABLE(() -> new Seams() {
        @Override
        protected boolean ordersAtOnce() {
            return true;
        }
    }),

    /** An agent says that what has ended runs. */
    REPORTS_BACKWARDS(() -> new Seams() {
        @Override
        protected AgentMessage said(AgentMessage message) {
            if (!message.hasStatuses()) {
                return message;
            }
            StatusBatch.Builder batch = message.getStatuses().toBuilder();
            for (InstanceStatus status : message.getStatuses().getStatusesList()) {
                if (status.getCondition() == Condition.KILLED) {
                    batch.addStatuses(status.toBuilder().setCondition(Condition.RUNNING));
                }
            }
            return message.toBuilder().setStatuses(batch).build();
        }
    }),

    /** An agent's notes are not on its disk when it says so. */
    SKIPS_A_SYNC(() -> new Seams() {
        @Override
        protected boolean synced(int crashes) {
            return false;
        }
    }),

    /** A drain without a deadline is taken for one whose time is over. */
    DRAINS_AT_ONCE(() -> new Seams() {
        @Override
        protected Command asked(Command command) {
            return command instanceof Command.KeepAgent keep
                    && keep.mode() == Upkeep.Mode.DRAINING
                            ? new Command.KeepAgent(keep.agent(), keep.mode(), 1, true)
                            : command;
        }
    }),

    /** However many agents are silent, all are given up. */
    KNOWS_NO_STORM(() -> new Seams() {
        @Override
        protected CoreSettings settings(CoreSettings real) {
            return real.withSilence(real.silence().withStorm(1_000_000, 1_000, 1_000_000));
        }
    }),

    /** What is asked for a second time is done a second time. */
    REPEATS_A_CHANGE(() -> new Seams() {
        private Optional<Command.SubmitApps> last = Optional.empty();

        @Override
        protected Command asked(Command command) {
            if (!(command instanceof Command.SubmitApps submit)) {
                return command;
            }
            boolean again = last.filter(submit::equals).isPresent();
            last = Optional.of(submit);
            return again
                    ? new Command.RestartApp(submit.changes().getFirst().spec().id(), true)
                    : command;
        }
    }),

    /** Heartbeats go unanswered, and so every agent gives up every master after a while. */
    NEVER_ANSWERS_BEATS(() -> new Seams() {
        @Override
        protected Optional<MasterMessage> heard(MasterMessage message, long epochHighest) {
            return message.hasBeat() ? Optional.empty() : Optional.of(message);
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // each makes new ones and keeps nothing
    private final Supplier<Seams> seams;

    Mutant(Supplier<Seams> seams) {
        this.seams = seams;
    }

    /** A world's seams with this bug in them, for one run. */
    public Seams seams() {
        return seams.get();
    }

    private static void set(ClusterState state, String name, long value) {
        try {
            Field field = ClusterState.class.getDeclaredField(name);
            field.setAccessible(true);
            field.setLong(state, value);
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("the state has no " + name + " any more", changed);
        }
    }
}
