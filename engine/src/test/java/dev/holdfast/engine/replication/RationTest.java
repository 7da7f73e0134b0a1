package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.replication.Ration.Phase;
import dev.holdfast.engine.time.UnusedTime;
import org.junit.jupiter.api.Test;

class RationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double PROVEN = 1_000;

    private final Clock clock = new Clock();
    private final Ration ration = new Ration(clock, new RecoveryConfig(2, 200, 0.5));

    private static final class Clock extends UnusedTime {
        private long now;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void sleep(long nanos) {
            now += nanos;
        }
    }

    private void bears(double aSecond) {
        ration.remember(aSecond);
    }

    private void awayFor(long nanos) {
        ration.moved(ProviderState.DOWN);
        clock.now += nanos;
        ration.moved(ProviderState.CATCHING_UP);
    }

    /** @return how many calls the background got in so many seconds, in which users made so many a second */
    private int background(int seconds, int users) throws InterruptedException {
        long end = clock.now + seconds * SECOND;
        long next = clock.now;
        int got = 0;
        while (clock.now < end) {
            ration.await(1);
            ration.made();
            ration.answered();
            got++;
            for (; users > 0 && next <= clock.now; next += SECOND / users) {
                user();
            }
            ration.look(1);
        }
        return got;
    }

    private boolean user() {
        boolean may = ration.forWriter(false);
        if (may) {
            ration.made();
            ration.answered();
        }
        return may;
    }

    @Test
    void oneOfWhichNothingIsKnownHasNoBound() throws InterruptedException {
        awayFor(SECOND);
        for (int i = 0; i < 100_000; i++) {
            ration.await(7);
        }
        assertThat(clock.now).isEqualTo(SECOND);
        assertThat(ration.bound()).isZero();
    }

    @Test
    void loadIsLearnedInHealth() {
        for (int i = 0; i < 300 * 20; i++) {
            clock.now += SECOND / 300;
            ration.made();
            ration.answered();
            ration.look(1);
        }
        assertThat(ration.proven()).isBetween(290.0, 310.0);
    }

    @Test
    void whatIsGivenInTheBackgroundStaysBelowTheMultiple() throws InterruptedException {
        bears(PROVEN);
        awayFor(60 * SECOND);
        assertThat(background(20, 0)).isLessThanOrEqualTo((int) (2 * PROVEN * 20));
    }

    @Test
    void backgroundYieldsToUsersAndIsNeverStarved() throws InterruptedException {
        bears(PROVEN);
        awayFor(60 * SECOND);
        background(5, 0);
        int alone = background(10, 0);
        int besideSome = background(10, 600);
        int besideMany = background(10, 50_000);
        assertThat(besideSome).isLessThan(alone);
        assertThat(besideMany).isLessThan(besideSome).isGreaterThan((int) (0.35 * PROVEN * 10));
    }

    @Test
    void loadIsGivenBackLittleByLittleAfterALongAbsence() {
        bears(PROVEN);
        awayFor(60 * SECOND);
        assertThat(ration.phase()).isEqualTo(Phase.TRICKLE);
        assertThat(ration.bound()).isBetween(0.1 * 2 * PROVEN - 1, 0.1 * 2 * PROVEN + 1);
        clock.now += SECOND;
        assertThat(ration.bound()).isBetween(0.4 * 2 * PROVEN - 1, 0.4 * 2 * PROVEN + 1);
        clock.now += SECOND;
        assertThat(ration.phase()).isEqualTo(Phase.CATCH_UP);
        assertThat(ration.bound()).isEqualTo(2 * PROVEN);
    }

    @Test
    void oneThatWasAwayForAMomentIsNotSparedForLong() {
        bears(PROVEN);
        awayFor(SECOND / 10);
        clock.now += SECOND / 10;
        assertThat(ration.phase()).isEqualTo(Phase.CATCH_UP);
    }

    @Test
    void itIsFullOnceNobodyWasHeldBackForTenSeconds() {
        bears(PROVEN);
        awayFor(60 * SECOND);
        clock.now += 5 * SECOND;
        ration.moved(ProviderState.CURRENT);
        assertThat(ration.phase()).isEqualTo(Phase.VERIFIED);
        while (ration.forReader()) {
            ration.made();
        }
        clock.now += 10 * SECOND;
        ration.look(1);
        assertThat(ration.phase()).isEqualTo(Phase.VERIFIED);
        clock.now += 10 * SECOND;
        ration.look(1);
        assertThat(ration.phase()).isEqualTo(Phase.FULL);
    }

    @Test
    void whileWritersTakeAllOfItOneThatIsCurrentAgainIsReadNowAndThen() {
        bears(PROVEN);
        awayFor(60 * SECOND);
        ration.moved(ProviderState.CURRENT);
        int read = 0;
        for (int i = 0; i < 1_000; i++) {
            clock.now += SECOND / 1_000;
            while (user()) {
                // As many writers as there may be.
            }
            if (ration.forReader()) {
                ration.made();
                read++;
            }
        }
        assertThat(read).isBetween(9, 11);
    }

    @Test
    void itIsNotReadWhileItCatchesUp() {
        bears(PROVEN);
        awayFor(60 * SECOND);
        clock.now += 60 * SECOND;
        assertThat(ration.forReader()).isFalse();
        assertThat(ration.forWriter(false)).isTrue();
    }

    @Test
    void afterFiveMinutesOfWaitingWhatWasBorneJustNowCounts() throws InterruptedException {
        bears(PROVEN);
        awayFor(60 * SECOND);
        background(290, 0);
        assertThat(ration.bound()).isEqualTo(2 * PROVEN);
        background(60, 0);
        assertThat(ration.bound()).isGreaterThan(2.4 * PROVEN);
    }

    @Test
    void oneOfWhichLittleIsKnownIsGivenTwiceAsMuchWithEveryTenSecondsInWhichItTakesAll() throws InterruptedException {
        bears(9);
        awayFor(60 * SECOND);
        background(25, 500);
        assertThat(ration.bound()).isEqualTo(800);
        background(20, 2_000);
        assertThat(ration.bound()).isEqualTo(3_200);
    }

    @Test
    void oneThatFailsIsGivenNoMore() throws InterruptedException {
        bears(PROVEN);
        awayFor(60 * SECOND);
        for (int i = 0; i < 40; i++) {
            background(9, 0);
            for (int fault = 0; fault < PROVEN * 2; fault++) {
                ration.failed();
            }
            background(1, 0);
        }
        assertThat(ration.bound()).isEqualTo(2 * PROVEN);
    }

    @Test
    void leastIsDividedByTheNodesAndWhatIsProvenIsNot() {
        bears(1);
        ration.look(4);
        assertThat(ration.bound()).isEqualTo(50);
        bears(PROVEN);
        ration.look(4);
        assertThat(ration.bound()).isEqualTo(2 * PROVEN);
    }
}
