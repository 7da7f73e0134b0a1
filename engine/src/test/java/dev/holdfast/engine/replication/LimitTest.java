package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitTest {
    private static final long MILLI = 1_000_000;
    private static final int LEAST = 10;
    private static final int MOST = 1_000;

    private long now;
    private final Limit limit = new Limit(LEAST, MOST, 4 * LEAST, now);

    /** So many windows in which all calls take so long, with so many under way. */
    private void windows(int count, long took, int underWay) {
        for (int window = 0; window < count; window++) {
            for (int call = 0; call < 50; call++) {
                limit.began(underWay);
                now += 6 * MILLI;
                limit.ended(Limit.Kind.READ, took, true, now);
            }
        }
    }

    @Test
    void itGrowsWhileItIsUsedAndCallsAreFast() {
        windows(100, MILLI, MOST);
        assertThat(limit.calls()).isEqualTo(MOST);
    }

    @Test
    void whatIsNotUsedDoesNotGrow() {
        int before = limit.calls();
        windows(100, MILLI, 3);
        assertThat(limit.calls()).isEqualTo(before);
    }

    @Test
    void itShrinksToTheLeastWhileCallsAreSlowAndComesBack() {
        windows(50, MILLI, MOST);
        windows(50, 400 * MILLI, MOST);
        assertThat(limit.calls()).isEqualTo(LEAST);
        windows(100, MILLI, MOST);
        assertThat(limit.calls()).isEqualTo(MOST);
    }

    @Test
    void aFewSlowCallsAreNoSign() {
        windows(50, MILLI, MOST);
        for (int call = 0; call < 1_000; call++) {
            now += 6 * MILLI;
            limit.began(MOST);
            limit.ended(Limit.Kind.READ, call % 20 == 0 ? 900 * MILLI : MILLI, true, now);
        }
        assertThat(limit.calls()).isEqualTo(MOST);
    }

    @Test
    void aStoreThatHasBecomeSlowerForGoodIsBelievedInTheEnd() {
        windows(50, 20 * MILLI, MOST);
        windows(20, 200 * MILLI, MOST);
        assertThat(limit.calls()).isLessThan(MOST / 10);
        windows(1_000, 200 * MILLI, MOST);
        assertThat(limit.calls()).isEqualTo(MOST);
    }

    @Test
    void whatIsRefusedAtOnceDoesNotPassForFast() {
        windows(50, 100 * MILLI, MOST);
        for (int call = 0; call < 2_000; call++) {
            now += 6 * MILLI;
            limit.ended(Limit.Kind.READ, 1_000, false, now);
        }
        int before = limit.calls();
        windows(10, 100 * MILLI, MOST);
        assertThat(limit.calls()).isGreaterThanOrEqualTo(before);
    }
}
