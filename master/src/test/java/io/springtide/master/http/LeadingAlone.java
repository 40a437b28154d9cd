package io.springtide.master.http;

import io.springtide.master.MasterStatus;
import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import java.util.Optional;

/** A master that leads, and always will. */
interface LeadingAlone extends MasterStatus {

    @Override
    default boolean leads() {
        return true;
    }

    @Override
    default Optional<Leader> leader() {
        return Optional.of(new Leader(epoch(), new Addresses("localhost:8080", "localhost:8081")));
    }

    @Override
    default Optional<Addresses> elsewhere() {
        return Optional.empty();
    }

    @Override
    default long staleMs() {
        return 0;
    }

    @Override
    default boolean abdicate() {
        return false;
    }
}
