package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.time.Time;
import dev.holdfast.engine.time.UnusedTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HybridClockTest {
    private static final long START = 1_700_000_000_000L;
    private static final long SKEW = 500;
    /** What may be honest: as far as clocks may be apart, and what restarts skip. */
    private static final long MOST_AHEAD = SKEW + 2 * HybridClock.RESERVE_MILLIS;

    private final AtomicLong wall = new AtomicLong(START);
    private final AtomicLong reserved = new AtomicLong();

    private final Time time = new UnusedTime() {
        @Override
        public long wallMillis() {
            return wall.get();
        }
    };

    private HybridClock clock(int stamp) {
        return new HybridClock(time, stamp, reserved.get(), SKEW, reserved::set);
    }

    @Test
    void versions_rise_strictly_however_the_wall_clock_steps() {
        Generators.forSeeds(300, any -> {
            wall.set(START);
            reserved.set(0);
            HybridClock clock = clock(3);
            Version last = Version.NONE;
            for (int i = 0; i < 700; i++) {
                if (any.random().nextInt(5) == 0) {
                    wall.addAndGet(any.random().nextInt(2_000) - 1_000);
                }
                if (any.random().nextInt(20) == 0) {
                    Version other = Version.of(
                            wall.get() + any.random().nextInt(2_000) - 1_000,
                            any.random().nextInt(256),
                            9);
                    if (clock.observe(other)) {
                        last = Version.newest(last, other);
                    }
                }
                Version next = clock.next();
                assertThat(next).isGreaterThan(last);
                assertThat(next.stamp()).isEqualTo(3);
                assertThat(next.millis()).isLessThanOrEqualTo(reserved.get());
                last = next;
            }
        });
    }

    @Test
    void a_restart_never_repeats_nor_goes_back_whatever_the_wall_clock_says() {
        Generators.forSeeds(200, any -> {
            wall.set(START);
            reserved.set(0);
            Version last = Version.NONE;
            for (int run = 0; run < 5; run++) {
                HybridClock clock = clock(3); // the same stamp, which is the worst case
                int stamps = any.random().nextInt(600);
                for (int i = 0; i < stamps; i++) {
                    Version next = clock.next();
                    assertThat(next).isGreaterThan(last);
                    last = next;
                    wall.addAndGet(any.random().nextInt(20) - 5);
                }
                wall.addAndGet(any.random().nextInt(20_000) - 10_000);
            }
        });
    }

    @Test
    void an_observed_version_is_followed() {
        HybridClock clock = clock(0);
        Version other = Version.of(START + SKEW, 255, 255);
        assertThat(clock.observe(other)).isTrue();
        assertThat(clock.next()).isGreaterThan(other);
        assertThat(clock.aheadMillis()).isEqualTo(SKEW + 1);
    }

    @Test
    void a_version_at_the_same_instant_from_a_higher_stamp_is_followed_too() {
        HybridClock clock = clock(0);
        Version mine = clock.next();
        Version other = Version.of(mine.millis(), mine.counter(), 255);
        clock.observe(other);
        assertThat(clock.next()).isGreaterThan(other);
    }

    @Test
    void a_version_too_far_ahead_is_refused_and_changes_nothing() {
        HybridClock clock = clock(0);
        Version before = clock.next();
        assertThat(clock.observe(Version.of(START + MOST_AHEAD + 1, 0, 1))).isFalse();
        assertThat(clock.observe(Version.MAX)).isFalse();
        Version next = clock.next();
        assertThat(next).isGreaterThan(before);
        assertThat(next.millis()).isEqualTo(START);
        assertThat(clock.beyondSkew(Version.of(START + MOST_AHEAD + 1, 0, 1))).isTrue();
        assertThat(clock.beyondSkew(Version.of(START + MOST_AHEAD, 255, 255))).isFalse();
    }

    @Test
    void a_full_counter_goes_on_with_the_next_millisecond() {
        HybridClock clock = clock(0);
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            versions.add(clock.next());
        }
        assertThat(versions).isSorted().doesNotHaveDuplicates();
        assertThat(versions.getLast().millis()).isEqualTo(START + 3);
    }

    @Test
    void the_reservation_is_durable_before_the_version_is_out_and_rarely_made() {
        List<Long> reservations = new ArrayList<>();
        HybridClock clock = new HybridClock(time, 0, 0, SKEW, reservations::add);
        for (int i = 0; i < 3_000; i++) {
            wall.incrementAndGet();
            assertThat(clock.next().millis()).isLessThanOrEqualTo(reservations.getLast());
        }
        assertThat(reservations).hasSizeLessThanOrEqualTo(4).isSorted();
    }

    /** Seed 951 of long worlds: such a node's acknowledged writes were set aside as those of a wrong clock. */
    @Test
    void a_node_that_crashes_again_and_again_stays_near_its_wall_clock() {
        for (int run = 0; run < 90; run++) {
            clock(0).next();
            // Nothing starts faster.
            wall.addAndGet(100);
        }
        long ahead = clock(0).next().millis() - wall.get();
        assertThat(ahead).isGreaterThan(0).isLessThan(2 * HybridClock.RESERVE_MILLIS);
    }

    @Test
    void a_reservation_that_fails_lets_no_version_out() {
        HybridClock failing = new HybridClock(time, 0, 0, SKEW, millis -> {
            throw new IllegalStateException("disk");
        });
        assertThatThrownBy(failing::next).hasMessage("disk");
        assertThatThrownBy(failing::next).hasMessage("disk");
    }

    @Test
    void threads_never_get_the_same_version() throws Exception {
        // Every stamp waits for a reservation, so that another thread has time to come between.
        HybridClock clock = new HybridClock(time, 0, 0, SKEW, millis -> {
            wall.set(millis + 1);
            Thread.yield();
        });
        Set<Version> seen = ConcurrentHashMap.newKeySet();
        int threads = 4;
        int each = 5_000;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    start.await();
                    Version last = Version.NONE;
                    for (int i = 0; i < each; i++) {
                        Version next = clock.next();
                        assertThat(next.newerThan(last)).isTrue();
                        seen.add(next);
                        last = next;
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        }
        assertThat(seen).hasSize(threads * each);
    }

    @Test
    void a_stamp_is_one_byte() {
        assertThatThrownBy(() -> clock(256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> clock(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
