package io.springtide.core.placement;

import java.util.Arrays;

/** A heap of longs, smallest first. */
final class LongHeap {

    private long[] items;
    private int size;

    LongHeap(int capacity) {
        items = new long[Math.max(4, capacity)];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void push(long item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (items[parent] <= item) {
                break;
            }
            items[at] = items[parent];
            at = parent;
        }
        items[at] = item;
    }

    long peek() {
        return items[0];
    }

    long pop() {
        long top = items[0];
        replaceTop(items[--size]);
        return top;
    }

    /** Pops and pushes in one sinking. */
    void replaceTop(long item) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && items[child + 1] < items[child]) {
                child++;
            }
            if (items[child] >= item) {
                break;
            }
            items[at] = items[child];
            at = child;
        }
        items[at] = item;
    }
}
