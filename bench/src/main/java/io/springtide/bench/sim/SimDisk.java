package io.springtide.bench.sim;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory;
import java.util.ArrayList;
import java.util.List;

/** An agent's data folder: what has been synced stays, what has not may be torn off by a crash. */
final class SimDisk {

    private List<CheckpointRecord> durable = new ArrayList<>();
    private final List<CheckpointRecord> written = new ArrayList<>();
    /** What the records come to, those not synced included. */
    private Memory memory = new Memory();
    boolean full;
    /** Syncs take so many times as long. */
    int slowness = 1;

    /** A new, empty folder. */
    void format(CheckpointRecord.Identity fresh) {
        durable.clear();
        written.clear();
        durable.add(fresh);
        recover();
    }

    void append(CheckpointRecord record) {
        memory.apply(record);
        written.add(record);
    }

    boolean dirty() {
        return !written.isEmpty();
    }

    void sync() {
        durable.addAll(written);
        written.clear();
    }

    /** The machine's cache is lost but for the first so many records. */
    void tear(int survivors) {
        durable.addAll(written.subList(0, Math.min(survivors, written.size())));
        written.clear();
    }

    int unsynced() {
        return written.size();
    }

    /** What the next life finds; written anew, as short as can be. */
    List<CheckpointRecord> recover() {
        memory = new Memory();
        durable.forEach(memory::apply);
        durable = new ArrayList<>(memory.facts());
        return List.copyOf(durable);
    }

    /** Only to be read. */
    Memory memory() {
        return memory;
    }
}
