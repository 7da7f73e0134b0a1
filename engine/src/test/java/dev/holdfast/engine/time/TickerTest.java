package dev.holdfast.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class TickerTest {
    private static final long FOREVER = TimeUnit.DAYS.toNanos(1);

    private final Time time = new SystemTime();

    @Test
    void threadsThatNobodyWakesWakeWhenTheirTimeIsUp() throws InterruptedException {
        CountDownLatch woken = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            long nanos = 1_000L * (i + 1);
            time.fork("waits", () -> {
                long until = time.nanos() + nanos;
                while (time.nanos() < until) {
                    time.park(until - time.nanos());
                }
                woken.countDown();
            });
        }
        assertThat(woken.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void shortWaitThatBeginsDuringALongOneEndsFirst() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread patient = time.fork("patient", () -> {
            while (!Thread.currentThread().isInterrupted()) {
                time.park(FOREVER);
            }
        });
        Thread brief = time.fork("brief", () -> {
            long until = time.nanos() + 3_000_000;
            while (time.nanos() < until) {
                time.park(until - time.nanos());
            }
            ended.countDown();
        });
        assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
        patient.interrupt();
        patient.join();
        brief.join();
    }

    @Test
    void unparkedThreadGoesOnAtOnce() throws InterruptedException {
        List<Thread> parked = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            parked.add(time.fork("parked", () -> {
                time.park(FOREVER);
                ended.countDown();
            }));
        }
        parked.forEach(LockSupport::unpark);
        assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
    }
}
