package dev.holdfast.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BeatClockTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(-SECOND);
    private final BeatClock clock = new BeatClock(now::get, SECOND / 10);

    private void begun(long after) {
        clock.asking();
        now.addAndGet(after);
        clock.begun();
    }

    @Test
    void aHeartbeatIsAsOfWhenItWasSentAndNeverOfLaterThanNow() {
        begun(0);
        now.addAndGet(30 * SECOND);
        assertThat(clock.asOf(7 * SECOND, 0)).isEqualTo(6 * SECOND);
        assertThat(clock.asOf(7 * SECOND, 2 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(clock.asOf(7 * SECOND, -2 * SECOND)).isEqualTo(6 * SECOND);
        assertThat(clock.asOf(99 * SECOND, 0)).isEqualTo(now.get());
    }

    @Test
    void aStreamThatTookLongToBeginIsAskedForAgainOnceAndEveryOneAfterAMinute() {
        begun(SECOND);
        assertThat(clock.worn()).isTrue();
        begun(SECOND);
        assertThat(clock.worn()).isFalse();
        now.addAndGet(60 * SECOND);
        assertThat(clock.worn()).isTrue();
        begun(SECOND);
        assertThat(clock.worn()).isFalse();
        begun(SECOND / 10);
        assertThat(clock.worn()).as("lost, and asked for at once").isFalse();
        begun(SECOND);
        assertThat(clock.worn()).as("lost, and not").isTrue();
    }
}
