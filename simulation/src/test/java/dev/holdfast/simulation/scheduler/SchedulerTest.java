package dev.holdfast.simulation.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.time.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private final Process process = new Process("test");

    private static Scheduler scheduler(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Scheduler(random.split(), Pace.draw(random), 1_000_000);
    }

    private SimulatedTime time(Scheduler scheduler) {
        return new SimulatedTime(scheduler, process, new SplittableRandom(7));
    }

    /** Locks, a queue, a semaphore, futures, sleeping and interrupts; returns the order in which things happened. */
    private String jumble(long seed) {
        Scheduler scheduler = scheduler(seed);
        SimulatedTime time = time(scheduler);
        List<String> story = new ArrayList<>();
        scheduler.run(process, () -> {
            ReentrantLock lock = new ReentrantLock();
            LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>(2);
            Semaphore semaphore = new Semaphore(2);
            CompletableFuture<String> future = new CompletableFuture<>();
            CountDownLatch done = new CountDownLatch(6);
            for (int i = 0; i < 4; i++) {
                int id = i;
                time.fork("worker-" + i, () -> {
                    try {
                        for (int round = 0; round < 5; round++) {
                            lock.lock();
                            try {
                                time.sleep(time.random().nextInt(1000));
                                story.add(id + "." + round);
                            } finally {
                                lock.unlock();
                            }
                            semaphore.acquire();
                            queue.put(id);
                            semaphore.release();
                        }
                    } catch (InterruptedException e) {
                        story.add("interrupted");
                    }
                    done.countDown();
                });
            }
            time.fork("taker", () -> {
                try {
                    for (int i = 0; i < 20; i++) {
                        story.add("took " + queue.take());
                    }
                    future.complete("all");
                } catch (InterruptedException e) {
                    story.add("interrupted");
                }
                done.countDown();
            });
            Thread sleeper = time.fork("sleeper", () -> {
                try {
                    time.sleep(Long.MAX_VALUE / 4);
                } catch (InterruptedException e) {
                    story.add("woken");
                }
                done.countDown();
            });
            story.add(future.join());
            sleeper.interrupt();
            try {
                done.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return scheduler.digest() + " " + story;
    }

    @Test
    void theSameSeedRunsTheSameAndOtherSeedsOtherwise() {
        Set<String> distinct = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            String first = jumble(seed);
            assertThat(jumble(seed)).isEqualTo(first);
            distinct.add(first.substring(first.indexOf(' ')));
        }
        assertThat(distinct).hasSizeGreaterThanOrEqualTo(190);
    }

    @Test
    void timeJumpsToTheNextTimer() {
        Scheduler scheduler = scheduler(1);
        SimulatedTime time = time(scheduler);
        List<Long> woken = new ArrayList<>();
        scheduler.run(process, () -> {
            try {
                long begin = time.nanos();
                time.sleep(3_600_000_000_000L);
                woken.add(time.nanos() - begin);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(woken.getFirst()).isBetween(3_600_000_000_000L, 3_601_000_000_000L);
        assertThat(scheduler.steps()).isLessThan(20);
    }

    @Test
    void aSignalWakesBeforeItsDeadlineAndTimesOutAtIt() {
        Scheduler scheduler = scheduler(2);
        SimulatedTime time = time(scheduler);
        boolean[] ready = new boolean[1];
        List<Boolean> answers = new ArrayList<>();
        scheduler.run(process, () -> {
            Signal signal = new Signal(time);
            time.fork("setter", () -> {
                time.park(1_000_000);
                ready[0] = true;
                signal.wake();
            });
            try {
                answers.add(signal.await(time.nanos() + 500_000, () -> ready[0]));
                answers.add(signal.await(time.nanos() + 1_000_000_000L, () -> ready[0]));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(answers).containsExactly(false, true);
    }

    @Test
    void theThreadsOfAKilledProcessNeverRunAgain() {
        Scheduler scheduler = scheduler(3);
        Process node = new Process("node");
        SimulatedTime nodeTime = new SimulatedTime(scheduler, node, new SplittableRandom(1));
        SimulatedTime time = time(scheduler);
        List<String> story = new ArrayList<>();
        scheduler.run(process, () -> {
            nodeTime.fork("victim", () -> {
                try {
                    while (true) {
                        time.park(1_000_000);
                        story.add("alive");
                    }
                } finally {
                    story.add("finally");
                }
            });
            time.park(5_500_000);
            node.kill();
            story.clear();
            time.park(1_000_000_000L);
        });
        assertThat(story).isEmpty();
    }

    @Test
    void aDeadlockIsReportedWithTheStacks() {
        assertThatThrownBy(() -> scheduler(4).run(process, () -> LockSupport.park()))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("deadlock")
                .hasMessageContaining("SchedulerTest");
    }

    @Test
    void aHangIsReportedWithTheStacks() {
        Scheduler scheduler = scheduler(5);
        SimulatedTime time = time(scheduler);
        assertThatThrownBy(() -> scheduler.run(process, () -> {
                    while (true) {
                        time.park(1000);
                    }
                }))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("no end after 1000000 steps");
    }

    @Test
    void anInterruptedThreadThatParksForEverIsAHangToo() {
        Scheduler scheduler = scheduler(5);
        SimulatedTime time = time(scheduler);
        assertThatThrownBy(() -> scheduler.run(process, () -> {
                    Thread.currentThread().interrupt();
                    while (true) {
                        time.park(1000);
                    }
                }))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("no end after 1000000 steps");
    }

    @Test
    void aMonitorHeldWhileItsOwnerBlocksIsReported() {
        Object monitor = new Object();
        Scheduler scheduler = scheduler(6);
        SimulatedTime time = time(scheduler);
        Runnable holder = () -> {
            synchronized (monitor) {
                time.park(1_000_000);
            }
        };
        assertThatThrownBy(() -> scheduler.run(process, () -> {
                    time.fork("one", holder);
                    time.fork("two", holder);
                    while (true) {
                        time.park(1000);
                    }
                }))
                .isInstanceOf(RunFailure.class)
                .hasMessageContaining("use a ReentrantLock");
    }

    @Test
    void anExceptionOfAThreadEndsTheRun() {
        Scheduler scheduler = scheduler(8);
        SimulatedTime time = time(scheduler);
        assertThatThrownBy(() -> scheduler.run(process, () -> {
                    time.fork("bad", () -> {
                        throw new IllegalStateException("broken");
                    });
                    time.park(1_000_000);
                }))
                .isInstanceOf(RunFailure.class)
                .hasRootCauseMessage("broken");
    }
}
