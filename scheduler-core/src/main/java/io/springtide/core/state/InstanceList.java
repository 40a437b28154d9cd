package io.springtide.core.state;

import java.util.Arrays;

/** Instances in the order of their numbers. Adding at the end and finding are cheap. */
public final class InstanceList {

    private Instance[] items = new Instance[8];
    private int size;

    InstanceList() {}

    public int size() {
        return size;
    }

    public Instance get(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException(index);
        }
        return items[index];
    }

    void add(Instance instance) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        int at = size;
        while (at > 0 && items[at - 1].number > instance.number) {
            items[at] = items[at - 1];
            at--;
        }
        items[at] = instance;
        size++;
    }

    void ensureRoomFor(int more) {
        if (size + more > items.length) {
            items = Arrays.copyOf(items, Math.max(items.length * 2, size + more));
        }
    }

    void remove(Instance instance) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long number = items[middle].number;
            if (number < instance.number) {
                low = middle + 1;
            } else if (number > instance.number) {
                high = middle - 1;
            } else {
                System.arraycopy(items, middle + 1, items, middle, size - middle - 1);
                size--;
                clearLast();
                return;
            }
        }
        throw new IllegalStateException("no such instance in this list: " + instance.number);
    }

    @SuppressWarnings("NullAway") // behind the end of the list, never read
    private void clearLast() {
        items[size] = null;
    }
}
