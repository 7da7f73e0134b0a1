package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.UnusedTime;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final Repeats repeats = new Repeats(new UnusedTime() {
        @Override
        public long nanos() {
            return now;
        }
    });

    private int taken() {
        int taken = 0;
        while (repeats.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void oneInTenCallsMayBeRepeated() {
        taken();
        for (int call = 0; call < 500; call++) {
            repeats.first();
        }
        assertThat(taken()).isBetween(49, 50);
    }

    @Test
    void tenASecondMayBeRepeatedHoweverFewCallsThereAre() {
        taken();
        now += SECOND;
        assertThat(taken()).isEqualTo(10);
        now += 60 * SECOND;
        assertThat(taken()).isEqualTo(10);
    }

    @Test
    void whatIsSavedUpHasAnEnd() {
        for (int call = 0; call < 100_000; call++) {
            repeats.first();
        }
        assertThat(taken()).isEqualTo(100);
    }
}
