package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void anyTimeLetsInWhatItAndOneSecondMoreAreWorthAndOneAtMost() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double perSecond = Math.exp(random.nextDouble() * Math.log(1e7));
            Rate rate = new Rate(perSecond, 0);
            double mean = SECOND / perSecond / (1 + 3 * random.nextDouble());
            double now = 0;
            long let = 0;
            for (int i = 0; i < 20_000; i++) {
                let += rate.take((long) now) == 0 ? 1 : 0;
                now += -Math.log(1 - random.nextDouble()) * mean;
            }
            double worth = now / SECOND * perSecond;
            assertThat((double) let).as("seed %s", seed).isLessThanOrEqualTo(worth * 1.0001 + perSecond + 2);
        }
    }

    @Test
    void whoComesAgainWhenToldIsLetIn() {
        for (double perSecond : List.of(0.25, 1.0, 3.0, 1_000.0, 333_333.0, 1e7)) {
            Rate rate = new Rate(perSecond, 0);
            long now = 0;
            for (int i = 0; i < 3 * perSecond && i < 10_000; i++) {
                long wait = rate.take(now);
                if (wait > 0) {
                    assertThat(rate.take(now + wait - 1)).isPositive();
                    now += wait;
                    assertThat(rate.take(now)).isZero();
                }
            }
        }
    }

    @Test
    void anHourAtFullTiltComesToTheQuotaToAThousandth() {
        for (double perSecond : List.of(1.0, 7.0, 100.0, 2_999.0)) {
            Rate rate = new Rate(perSecond, 0);
            long let = 0;
            long step = (long) (SECOND / perSecond / 1.7);
            for (long now = 0; now < 3_600 * SECOND; now += step) {
                let += rate.take(now) == 0 ? 1 : 0;
            }
            assertThat((double) let).isBetween(3_600 * perSecond * 0.999, 3_601 * perSecond * 1.0001 + 1);
        }
    }

    private static int atOnce(Rate rate, long now) {
        int let = 0;
        while (rate.take(now) == 0) {
            let++;
        }
        return let;
    }

    @Test
    void aChangeOfTheRateLetsNothingMoreInAtOnce() {
        Rate used = new Rate(100, 0);
        assertThat(atOnce(used, 0)).isEqualTo(101);
        for (double other : List.of(25.0, 50.0, 200.0, 10_000.0)) {
            assertThat(used.changedTo(other, 0).take(0)).isPositive();
        }
        assertThat(used.changedTo(200, 0).take(SECOND / 199)).isZero();
    }

    @Test
    void whatWasLeftIsLeftAfterAChangeOfTheRateUpToWhatTheNewOneHolds() {
        Rate half = new Rate(100, 0);
        for (int i = 0; i < 51; i++) {
            assertThat(half.take(0)).isZero();
        }
        assertThat(atOnce(half.changedTo(25, 0), 0)).isEqualTo(26);
        assertThat(atOnce(half.changedTo(200, 0), 0)).isBetween(49, 50);
        Rate idle = new Rate(100, 0);
        assertThat(atOnce(idle.changedTo(50, 9 * SECOND), 9 * SECOND)).isEqualTo(51);
    }

    @Test
    void manyThreadsAtOneMomentGetNoMoreThanOneWould() throws Exception {
        Rate rate = new Rate(10_000, 0);
        AtomicLong let = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Object>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        if (rate.take(0) == 0) {
                            let.incrementAndGet();
                        }
                    }
                    return let;
                });
            }
            for (Future<Object> each : threads.invokeAll(all)) {
                each.get();
            }
        }
        assertThat(let).hasValue(10_001);
    }
}
