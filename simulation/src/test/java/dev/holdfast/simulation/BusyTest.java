package dev.holdfast.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.BusyStories.Told;
import org.junit.jupiter.api.Test;

/** One provider that is busy or slow is waited for, and holds no more of the node than its part (promise P7). */
class BusyTest {

    @Test
    void busyProviderThatPausesForAMomentIsWaitedForAndGetsNoHints() {
        Told told = BusyStories.shortPauses();
        assertThat(told.failed()).isZero();
        assertThat(told.hinted()).isZero();
        assertThat(told.left()).isZero();
        assertThat(told.written()).isGreaterThan(50_000);
    }

    @Test
    void twoOfThreeThatAreLateAtOnceAreNotBothGivenUp() {
        assertThat(BusyStories.threeOfWhichTwoAreSlow()).isEqualTo(2);
    }

    @Test
    void providerThatIsSlowForGoodHoldsFewCallsAndTheOthersAreServed() {
        Told told = BusyStories.slowForGood();
        assertThat(told.failed()).isZero();
        assertThat(told.mostUnderWay()).isLessThanOrEqualTo(64 + 16);
        assertThat(told.written()).isGreaterThan(5_000);
    }
}
