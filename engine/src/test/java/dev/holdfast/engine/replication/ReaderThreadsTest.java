package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.SystemTime;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ReaderThreadsTest {
    private final ReaderThreads readers = new ReaderThreads(new SystemTime(), "test", 4);

    @Test
    void everyTaskIsRunOnAFewThreadsOfTheirOwn() throws InterruptedException {
        int tasks = 20_000;
        Set<Thread> ran = ConcurrentHashMap.newKeySet();
        CountDownLatch done = new CountDownLatch(tasks);
        Thread[] askers = new Thread[8];
        for (int i = 0; i < askers.length; i++) {
            askers[i] = Thread.startVirtualThread(() -> {
                for (int task = 0; task < tasks / askers.length; task++) {
                    readers.run(() -> {
                        ran.add(Thread.currentThread());
                        done.countDown();
                    });
                }
            });
        }
        done.await();
        assertThat(ran).hasSizeBetween(1, 4).noneMatch(Thread::isVirtual);
        readers.close();
    }

    /** One task at a time: each finds the threads asleep or just lying down, and none may be forgotten. */
    @Test
    void taskThatComesWhileTheThreadsLieDownIsNotForgotten() throws InterruptedException {
        for (int i = 0; i < 20_000; i++) {
            CountDownLatch done = new CountDownLatch(1);
            readers.run(done::countDown);
            done.await();
        }
        readers.close();
    }

    @Test
    void taskThatHangsStopsNoOther() throws InterruptedException {
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(1);
        readers.run(() -> {
            hung.countDown();
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        hung.await();
        int tasks = 100;
        CountDownLatch done = new CountDownLatch(tasks);
        for (int i = 0; i < tasks; i++) {
            readers.run(done::countDown);
        }
        // As askers do whose answer is late: a few tasks may wait behind the one that hangs until somebody complains.
        while (done.getCount() > 0) {
            readers.nudge();
            Thread.onSpinWait();
        }
        hang.countDown();
        readers.close();
    }
}
