package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final RampConfig BOUNDS = RampConfig.DEFAULT;
    private static final long MILLI = 1_000_000L;

    private final Signals signals = new Signals(BOUNDS);

    private void calls(int count, long millis, boolean failed) {
        for (int i = 0; i < count; i++) {
            signals.waited(0, false);
            signals.ended(millis * MILLI, failed, 0.1);
        }
    }

    @Test
    void aStoreThatIsWellIsInsideAllBounds() {
        calls(1_000, 20, false);
        Signals.Seen seen = signals.take();
        assertThat(seen.outside(BOUNDS)).isEmpty();
        assertThat(seen.calls()).isEqualTo(1_000);
        assertThat(seen.p99Millis()).isCloseTo(20, Percentage.withPercentage(20));
        assertThat(seen.busy()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void failuresBeyondTheirShareAreSaid() {
        calls(980, 1, false);
        calls(20, 1, true);
        assertThat(signals.take().outside(BOUNDS)).singleElement().asString().contains("2.0 % of the calls failed");
        calls(995, 1, false);
        calls(5, 1, true);
        assertThat(signals.take().outside(BOUNDS)).isEmpty();
    }

    @Test
    void oneOrTwoCallsAreAnAccidentHoweverFewThereWere() {
        calls(2, 9_000, true);
        assertThat(signals.take().outside(BOUNDS)).isEmpty();
        calls(3, 9_000, true);
        assertThat(signals.take().outside(BOUNDS)).hasSize(2);
    }

    @Test
    void slowCallsAreSaidOnceMoreThanOneInAHundredIs() {
        calls(989, 10, false);
        calls(11, 900, false);
        Signals.Seen seen = signals.take();
        assertThat(seen.outside(BOUNDS))
                .singleElement()
                .asString()
                .startsWith("p99 is ")
                .contains("bound 500 ms");
        assertThat(seen.p99Millis()).isCloseTo(900, Percentage.withPercentage(20));
        calls(992, 10, false);
        calls(8, 900, false);
        assertThat(signals.take().outside(BOUNDS)).isEmpty();
    }

    @Test
    void callsThatWaitedLongOrInVainAreSaid() {
        calls(100, 1, false);
        for (int i = 0; i < 5; i++) {
            signals.waited(0, true);
            signals.waited(300 * MILLI, false);
        }
        assertThat(signals.take().outside(BOUNDS)).singleElement().asString().contains("for their turn");
    }

    @Test
    void aStoreWithAsMuchUnderWayAsItBearsIsSaid() {
        for (int i = 0; i < 10; i++) {
            signals.ended(1, false, 0.95);
        }
        assertThat(signals.take().outside(BOUNDS)).singleElement().asString().contains("95 %");
    }

    @Test
    void aStoreOfWhichAllMayBeUnderWayHasNoSuchBound() {
        RampConfig none = new RampConfig(
                BOUNDS.look(),
                BOUNDS.calm(),
                BOUNDS.patience(),
                BOUNDS.maxErrors(),
                BOUNDS.maxP99(),
                BOUNDS.maxWait(),
                1,
                BOUNDS.maxGrowth());
        for (int i = 0; i < 10; i++) {
            signals.ended(1, false, 1.5);
        }
        assertThat(signals.take().outside(none)).isEmpty();
    }

    @Test
    void eachLookIsAtWhatCameSinceTheOneBefore() {
        calls(10, 1, true);
        signals.take();
        assertThat(signals.take().calls()).isZero();
    }
}
