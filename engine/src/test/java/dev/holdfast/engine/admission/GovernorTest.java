package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
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
                governor.answered(false, now);
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
        assertThat(let).isBetween(196L * 30 - 60, 200L * 30);
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
        assertThat(want(100, 60)).isBetween(113L, 120L);
    }

    @Test
    void inNoTenSecondsOfARecoveryMoreComesThanTheMultipleHoweverItComes() {
        want(100, 60);
        governor.recover(now);
        SplittableRandom random = new SplittableRandom(42);
        List<Long> let = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            // With now and then a moment in which the bucket fills.
            now += random.nextInt(20_000) == 0 ? SECOND : SECOND / 1_000;
            governor.wanted(now);
            if (governor.take(now)) {
                let.add(now);
            }
        }
        assertThat(governor.recovering()).isTrue();
        int from = 0;
        for (int i = 0; i < let.size(); i++) {
            while (let.get(i) - let.get(from) >= 10 * SECOND) {
                from++;
            }
            assertThat(i - from + 1).isLessThanOrEqualTo(2_000);
        }
    }

    @Test
    void whatNobodyWaitsForStaysWithinTheMultipleWhenAllIsWellToo() {
        want(100, 60);
        long let = 0;
        for (int i = 0; i < 10_000; i++) {
            now += SECOND / 1_000;
            if (governor.takeUnhurried(now)) {
                governor.wanted(now);
                governor.answered(true, now);
                let++;
            }
        }
        assertThat(let).isBetween(1_900L, 2_000L);
        assertThat(governor.borne()).isLessThan(101);
        assertThat(want(1_000, 1)).isEqualTo(1_000);
        assertThat(governor.takeUnhurried(now)).isFalse();
        now += SECOND;
        assertThat(governor.takeUnhurried(now)).isTrue();
    }

    @Test
    void moreThanIsPutOffForTenMinutesOnEndIsTheUsualLoadFromThenOn() {
        want(100, 60);
        for (int i = 0; i < 500 * 700; i++) {
            now += SECOND / 500;
            if (governor.takeUnhurried(now)) {
                governor.wanted(now);
                governor.answered(true, now);
            }
            if (i == 500 * 590) {
                assertThat(governor.borne()).isLessThan(101);
            }
        }
        assertThat(governor.borne()).isGreaterThan(450);
    }

    @Test
    void whatNobodyWaitsForIsNotPutOffForEverWhereUsersTakeAllThatIsBorne() {
        Governor tight = new Governor(1, 1, 100, now);
        int done = 0;
        for (int i = 0; i < 110 * 700; i++) {
            now += SECOND / 110;
            tight.wanted(now);
            assertThat(tight.take(now)).isTrue();
            tight.answered(false, now);
            if (i > 110 * 20 && i % 11 == 0 && tight.takeUnhurried(now)) {
                done++;
                tight.wanted(now);
                tight.answered(true, now);
            }
        }
        assertThat(done).isPositive();
    }

    @Test
    void whatUsersWantIsLearnedAlsoWhileOtherThingsArePutOff() {
        want(100, 60);
        for (int second = 0; second < 30; second++) {
            want(300, 1);
            governor.takeUnhurried(now);
        }
        assertThat(governor.borne()).isBetween(299.0, 301.0);
    }

    @Test
    void whatNobodyWaitsForIsNotBoundedWhereNothingIsKnown() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(governor.takeUnhurried(now)).isTrue();
        }
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
