package io.springtide.master.ring;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blocks behind the stage before as well as behind the producer. The Disruptor's own blocking strategy spins
 * once the producer has published, until the stage before is through; where that one flushes to a disk or a
 * store, a whole processor would be spent on waiting for it.
 *
 * <p>Whoever is a stage before must call {@link #signalAllWhenBlocking} when it has moved on.
 */
final class StageWaitStrategy implements WaitStrategy {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
            throws AlertException, InterruptedException {
        long available = dependent.get();
        if (available >= sequence) {
            return available;
        }
        lock.lockInterruptibly();
        try {
            available = dependent.get();
            while (available < sequence) {
                barrier.checkAlert();
                moved.await();
                available = dependent.get();
            }
            return available;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void signalAllWhenBlocking() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
