package io.springtide.core.placement;

import java.util.List;
import java.util.PriorityQueue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** The heap against the JDK's own. */
class LongHeapProperties {

    @Property(tries = 200)
    void givesTheSmallestFirst(@ForAll @Size(max = 60) List<Long> items) {
        LongHeap heap = new LongHeap(1);
        items.forEach(heap::push);
        long[] popped = new long[items.size()];
        for (int i = 0; i < popped.length; i++) {
            assertThat(heap.isEmpty()).isFalse();
            assertThat(heap.peek()).isEqualTo(items.stream().sorted().toList().get(i));
            popped[i] = heap.pop();
        }
        assertThat(heap.isEmpty()).isTrue();
        assertThat(popped).isSorted();
    }

    /** Every number is either pushed, or takes the place of the smallest, or lets it out. */
    @Property(tries = 200)
    void doesWhatAPriorityQueueDoes(@ForAll @Size(max = 120) List<Long> steps) {
        LongHeap heap = new LongHeap(4);
        PriorityQueue<Long> model = new PriorityQueue<>();
        for (long step : steps) {
            if (model.isEmpty() || step % 3 == 0) {
                heap.push(step);
                model.add(step);
            } else if (step % 3 == 1) {
                assertThat(heap.pop()).isEqualTo(model.remove());
            } else {
                heap.replaceTop(step);
                model.remove();
                model.add(step);
            }
            assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
            if (!model.isEmpty()) {
                assertThat(heap.peek()).isEqualTo(model.peek());
            }
        }
    }
}
