package io.springtide.master.store.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Bytes that are cut up over several keys. */
record Parts(Ledger ledger) {

    /** Read at a time. */
    private static final int WINDOW = 4;

    /** Deleted at a time; each is a small change. */
    private static final int DELETES = 50;
    private static final int TRIES = 20;

    /** One of the parts of some bytes. */
    static byte[] part(byte[] bytes, int part) {
        int start = part * BatchValue.PART_BYTES;
        return Arrays.copyOfRange(bytes, start,
                Math.min(bytes.length, start + BatchValue.PART_BYTES));
    }

    /** All of them together; empty if one is missing or they have another length. */
    Optional<byte[]> read(int parts, int bytes, IntFunction<String> key) {
        byte[] whole = new byte[bytes];
        int at = 0;
        for (int first = 0; first < parts; first += WINDOW) {
            List<String> keys = new ArrayList<>();
            for (int part = first; part < Math.min(parts, first + WINDOW); part++) {
                keys.add(key.apply(part));
            }
            for (Optional<byte[]> part : ledger.read(keys)) {
                if (part.isEmpty() || part.get().length > bytes - at) {
                    return Optional.empty();
                }
                System.arraycopy(part.get(), 0, whole, at, part.get().length);
                at += part.get().length;
            }
        }
        return at == bytes ? Optional.of(whole) : Optional.empty();
    }

    /** Deletes all keys of a folder, from the first on. */
    void deleteFolder(Ledger.Fence fence, String folder) {
        delete(fence, ledger.list(folder).stream().map(name -> folder + "/" + name).toList());
    }

    /**
     * Deletes keys in order, in small transactions; those that are not there are passed over.
     *
     * @throws LedgerException if it cannot be done
     */
    void delete(Ledger.Fence fence, List<String> keys) {
        for (int first = 0; first < keys.size(); first += DELETES) {
            List<String> some = keys.subList(first, Math.min(keys.size(), first + DELETES));
            List<String> left = some;
            for (int i = 0; !left.isEmpty(); i++) {
                try {
                    ledger.write(fence, left.stream().<LedgerChange>map(LedgerChange.Delete::new)
                            .toList());
                    break;
                } catch (LedgerException e) {
                    rideOut(e, i);
                    left = present(some);
                }
            }
        }
    }

    /**
     * Writes something that may be written twice.
     *
     * @throws LedgerException if it cannot be done
     */
    void put(Ledger.Fence fence, List<LedgerChange> changes) {
        for (int i = 0;; i++) {
            try {
                ledger.write(fence, changes);
                return;
            } catch (LedgerException e) {
                rideOut(e, i);
            }
        }
    }

    private void rideOut(LedgerException e, int tries) {
        if (tries >= TRIES) {
            throw e;
        }
        switch (e.kind()) {
            case FENCED, REFUSED -> throw e;
            case UNKNOWN, UNREACHABLE -> ledger.awaitReachable();
            case CONFLICT -> {
            }
        }
    }

    private List<String> present(List<String> keys) {
        List<Optional<byte[]>> values = ledger.read(keys);
        List<String> present = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (values.get(i).isPresent()) {
                present.add(keys.get(i));
            }
        }
        return present;
    }
}
