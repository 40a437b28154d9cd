package io.springtide.master.scaling;

import io.springtide.core.model.AppId;
import io.springtide.master.prefetch.Progress;
import java.util.List;
import java.util.Optional;

/** What the leader knows of policies beyond the state: what is measured, and what follows. Any thread. */
public interface ScalingPort {

    /** Of a master that does not lead. */
    ScalingPort NONE = new ScalingPort() {

        @Override
        public Optional<Standing> standing(AppId app) {
            return Optional.empty();
        }

        @Override
        public List<Standing> alarming() {
            return List.of();
        }

        @Override
        public Optional<Progress> prefetch(AppId app) {
            return Optional.empty();
        }

        @Override
        public List<Progress> unfetched() {
            return List.of();
        }

        @Override
        public void look() {
            // Nobody looks.
        }
    };

    /** How a policy stands; empty if nobody has looked at it yet. */
    Optional<Standing> standing(AppId app);

    /** Those that people should look after, by app. */
    List<Standing> alarming();

    /**
     * How far what the next schedule of an app will need has been fetched; empty if none is near, or nothing can
     * be fetched for it.
     */
    Optional<Progress> prefetch(AppId app);

    /** Those of which agents could not fetch what they should, by app. */
    List<Progress> unfetched();

    /** Looks at all policies soon, without waiting for it: something has changed. */
    void look();
}
