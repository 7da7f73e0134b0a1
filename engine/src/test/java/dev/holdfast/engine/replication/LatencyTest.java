package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyTest {
    private static final long MILLI = 1_000_000;

    @Test
    void deadlineIsNeverBelowTheLeastNorAboveTheMost() {
        Latency latency = new Latency(25 * MILLI, 1000 * MILLI);
        latency.sample(MILLI / 10);
        assertThat(latency.deadlineNanos()).isEqualTo(25 * MILLI);
        for (int i = 0; i < 100; i++) {
            latency.sample(60_000 * MILLI);
        }
        assertThat(latency.deadlineNanos()).isEqualTo(1000 * MILLI);
    }

    @Test
    void aProviderOfWhichNothingIsKnownIsGivenTheMost() {
        assertThat(new Latency(25 * MILLI, 1000 * MILLI).deadlineNanos()).isEqualTo(1000 * MILLI);
    }

    @Test
    void deadlineFollowsAProviderThatIsFarAway() {
        Latency latency = new Latency(MILLI, 1000 * MILLI);
        for (int i = 0; i < 200; i++) {
            latency.sample((80 + i % 10) * MILLI);
        }
        assertThat(latency.deadlineNanos()).isBetween(85 * MILLI, 130 * MILLI);
    }

    @Test
    void oneSlowCallDoesNotTeachThatSlowIsNormal() {
        Latency latency = new Latency(MILLI, 10_000 * MILLI);
        for (int i = 0; i < 100; i++) {
            latency.sample(2 * MILLI);
        }
        latency.sample(100 * MILLI);
        for (int i = 0; i < 50; i++) {
            latency.sample(2 * MILLI);
        }
        assertThat(latency.deadlineNanos()).isLessThan(4 * MILLI);
    }
}
