package dev.holdfast.server.workerskv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.server.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Clock time = new Clock();

    private static final class Clock extends ManualTime {
        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }

    @Test
    void inFiveMinutesThereAreNoMoreThanAllowed() {
        Pace pace = new Pace(time, 1_000);
        int taken = 0;
        for (int second = 0; second < 300; second++) {
            while (pace.tryTake()) {
                taken++;
            }
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(taken).isBetween(980, 1_001);
        int more = 0;
        for (int second = 0; second < 300; second++) {
            while (pace.tryTake()) {
                more++;
            }
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(more).isBetween(890, 901);
    }

    @Test
    void afterTooManyItRestsForAsLongAsItIsTold() {
        Pace pace = new Pace(time, 1_000);
        pace.rest(Duration.ofSeconds(7).toNanos());
        time.pass(Duration.ofMillis(6_900));
        assertThat(pace.tryTake()).isFalse();
        time.pass(Duration.ofMillis(100));
        assertThat(pace.tryTake()).isTrue();
    }
}
