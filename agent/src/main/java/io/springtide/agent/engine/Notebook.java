package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.checkpoint.Held.Warmth;
import io.springtide.agent.checkpoint.Memory;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.TaskSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the parts of the engine have in common: what is remembered, what is known of the living, what is
 * to be told and to be done. Whoever writes here decides; owned by the engine.
 */
final class Notebook {

    final Memory memory = new Memory();
    final Unsent unsent = new Unsent();
    /** What is known beyond the memory; lost with the process and learnt again. */
    private final Map<Long, Live> live = new LinkedHashMap<>();
    private List<Effect> effects = new ArrayList<>();
    private Moment now = new Moment(0, 0);

    void now(Moment moment) {
        now = moment;
    }

    Moment now() {
        return now;
    }

    // ------------------------------------------------------------ what is known

    Optional<Live> live(long id) {
        return Optional.ofNullable(live.get(id));
    }

    /** The same while it has not ended. */
    Optional<Live> unended(long id) {
        return live(id).filter(instance -> !instance.over);
    }

    void begin(long id, Live instance) {
        live.put(id, instance);
    }

    void forget(long id) {
        live.remove(id);
    }

    /** What an instance runs, if it is held. */
    Optional<TaskSpec> specOf(long id) {
        return memory.held(id).flatMap(held -> memory.spec(held.specDigest()));
    }

    boolean killed(long id) {
        return memory.held(id).filter(held -> held.killGraceMs().isPresent()).isPresent();
    }

    /** How an instance stands that has not ended. */
    Condition condition(long id) {
        return killed(id)
                ? Condition.KILLING
                : live(id).map(one -> one.condition(warmth(id))).orElse(Condition.STAGING);
    }

    Warmth warmth(long id) {
        return memory.held(id).map(Held::warmth).orElse(Warmth.ORDINARY);
    }

    boolean over(Held held) {
        return held.ended() || unended(held.instanceId()).isEmpty();
    }

    // ------------------------------------------------------------ what is to be told and done

    InstanceStatus.Builder status(long id, Condition condition) {
        return InstanceStatus.newBuilder().setInstanceId(id).setCondition(condition)
                .setAtMs(now.wallMs());
    }

    void queue(InstanceStatus.Builder status) {
        unsent.put(status.build());
    }

    /** All that is known of an instance that has not ended. */
    void queueAsItIs(long id) {
        InstanceStatus.Builder status = status(id, condition(id));
        live(id).ifPresent(instance -> instance.addTo(status, warmth(id)));
        queue(status);
    }

    void save(CheckpointRecord fact) {
        memory.apply(fact);
        effects.add(new Effect.Save(fact));
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void unwatch(long id) {
        live(id).filter(instance -> instance.watched).ifPresent(instance -> {
            instance.watched = false;
            emit(new Effect.Unwatch(id));
        });
    }

    /**
     * Has the checks of a running instance begin that its spec asks for, unless they have.
     *
     * @param thawed it was frozen a moment ago
     */
    void watch(long id, boolean thawed) {
        Optional<Held> held = memory.held(id);
        Optional<TaskSpec> spec = specOf(id);
        Optional<Live> found = unended(id).filter(instance -> !instance.watched);
        if (held.isEmpty() || spec.isEmpty() || found.isEmpty()
                || !asked(spec.get(), held.get().ready())) {
            return;
        }
        found.get().watched = true;
        emit(new Effect.Watch(id, spec.get(), held.get().hostPorts(), found.get().ipAddress,
                held.get().ready(), held.get().alive(), thawed));
    }

    private static boolean asked(TaskSpec spec, boolean ready) {
        return Live.healthChecked(spec) || spec.hasCheck() || (spec.hasReadinessCheck() && !ready);
    }

    /** What is to be done since the last call. */
    List<Effect> take() {
        List<Effect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
