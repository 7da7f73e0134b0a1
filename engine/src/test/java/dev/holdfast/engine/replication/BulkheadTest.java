package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.UnusedTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    private static final long MILLI = 1_000_000;

    private long now;
    private final Bulkhead bulkhead = new Bulkhead(
            new UnusedTime() {
                @Override
                public long nanos() {
                    return now;
                }
            },
            10,
            1_000);

    private void calls(int count, long took, int underWay) {
        for (int call = 0; call < count; call++) {
            now += 5 * MILLI;
            bulkhead.ended(CallKind.WRITE, took, true, underWay);
        }
    }

    @Test
    void oneThatIsSlowForSecondsHasRoomForFewCalls() {
        assertThat(bulkhead.room(150, 0)).isTrue();
        calls(100, MILLI, 1);
        calls(1_500, 500 * MILLI, 100);
        assertThat(bulkhead.room(9, 0)).isTrue();
        assertThat(bulkhead.room(10, 0)).isFalse();
    }

    @Test
    void onePauseTakesLittleRoom() {
        calls(1_000, MILLI, 100);
        int before = bulkhead.calls();
        calls(40, 300 * MILLI, 100);
        assertThat(bulkhead.calls()).isGreaterThan(before / 2);
    }

    @Test
    void bulkLeavesRoomForTheOthers() {
        calls(100, MILLI, 1);
        calls(1_500, 500 * MILLI, 100);
        assertThat(bulkhead.room(4, 3)).isTrue();
        assertThat(bulkhead.room(5, 3)).isFalse();
        assertThat(bulkhead.room(5, 2)).isTrue();
        assertThat(bulkhead.room(8, 2)).isFalse();
        assertThat(bulkhead.room(8, 1)).isTrue();
        assertThat(bulkhead.room(9, 1)).isFalse();
        assertThat(bulkhead.room(9, 0)).isTrue();
    }

    @Test
    void trialsMayNotTakeAnyLonger() {
        assertThat(bulkhead.patience(CallKind.PROBE, 1_000)).isEqualTo(1);
    }

    @Test
    void callsMayTakeTheLongerTheMoreAreUnderWay() {
        for (CallKind kind : List.of(CallKind.READ, CallKind.WRITE, CallKind.SCAN)) {
            assertThat(bulkhead.patience(kind, 0)).isEqualTo(1);
            assertThat(bulkhead.patience(kind, 5)).isEqualTo(2.5);
            assertThat(bulkhead.patience(kind, 1_000)).isEqualTo(4);
        }
    }
}
