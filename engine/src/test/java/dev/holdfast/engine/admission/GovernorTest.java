package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GovernorTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;
    private final Governor governor = new Governor(2, 1, 0, now);

    /** Wants so many calls a second for so long; those that are let in are answered. */
    private long want(int perSecond, int seconds) {
        long let = 0;
        for (int i = 0; i < perSecond * seconds; i++) {
            now += SECOND / perSecond;
            governor.wanted(now);
            if (governor.take(now)) {
                let++;
                governor.answered(now);
            }
        }
        return let;
    }

    @Test
    void whenAllIsWellItBoundsNothingAndLearns() {
        assertThat(want(100, 60)).isEqualTo(6_000);
        assertThat(governor.borne()).isBetween(99.0, 101.0);
    }

    @Test
    void inARecoveryNeverMoreComesThanTheMultipleOfWhatWasBorne() {
        want(100, 60);
        governor.recover(now);
        long let = want(5_000, 30);
        assertThat(let).isBetween(200L * 30 - 60, 200L * 30 + 60);
        assertThat(governor.recovering()).isTrue();
        assertThat(governor.borne()).isLessThan(101);
    }

    @Test
    void aRecoveryIsOverWhenLessIsWanted() {
        want(100, 60);
        governor.recover(now);
        want(1_000, 30);
        want(100, 21);
        assertThat(governor.recovering()).isFalse();
        assertThat(want(1_000, 1)).isEqualTo(1_000);
    }

    @Test
    void whoHasBorneNothingYetIsNotHeldBack() {
        governor.recover(now);
        assertThat(governor.recovering()).isFalse();
        assertThat(want(1_000, 5)).isEqualTo(5_000);
    }

    @Test
    void aStoreThatHasBorneLittleIsGivenThatLittle() {
        want(1, 60);
        governor.recover(now);
        assertThat(want(100, 60)).isBetween(119L, 122L);
    }

    @Test
    void whatMustNotWaitTakesFromTheOthers() {
        want(100, 60);
        governor.recover(now);
        for (int i = 0; i < 100; i++) {
            governor.takeAnyway(now);
        }
        assertThat(governor.take(now)).isFalse();
        assertThat(governor.untilNextNanos(now)).isBetween(SECOND / 5, SECOND / 4);
    }

    @Test
    void aMinuteOfMoreWritesThanTheBoundKeepsReadsOutForAMomentOnly() {
        want(100, 60);
        governor.recover(now);
        for (int i = 0; i < 60 * 300; i++) {
            now += SECOND / 300;
            governor.wanted(now);
            governor.takeAnyway(now);
        }
        assertThat(governor.recovering()).isTrue();
        assertThat(want(200, 2)).isGreaterThan(300);
    }
}
