package dev.holdfast.simulation.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.coldstart.ColdStart.Arm;
import dev.holdfast.simulation.coldstart.ColdStart.Tier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plan that ships, with a quarter of the keys and of the users, who want what is asked for again four times as often. */
class ColdStartTest {
    private static final ColdStart SMALL = new ColdStart(
            1_000,
            List.of(new Tier(300, 0.1), new Tier(600, 0.2), new Tier(1_200, 0.4), new Tier(900, 0.3)),
            120,
            30,
            240,
            600);

    /** Otherwise the world would be too kind to show anything. */
    @Test
    void aStoreAsItIsUsuallyBuiltStaysDownAfterTheTriggerIsGone() {
        ColdStartResult usual = SMALL.play(Arm.USUAL);
        assertThat(usual.answeredBefore()).isGreaterThan(0.999);
        assertThat(usual.recovered()).isFalse();
        assertThat(usual.answeredAtLast()).isLessThan(0.5);
        assertThat(usual.peakLoad()).isGreaterThan(2 * usual.steadyLoad());
    }

    @Test
    void withTheGovernorAllComesBackByItselfAndTheProvidersAreAskedNoMoreThanTwiceWhatTheyHaveBorne() {
        ColdStartResult governed = SMALL.play(Arm.GOVERNED);
        assertThat(governed.answeredBefore()).isGreaterThan(0.999);
        assertThat(governed.peakLoad()).isLessThanOrEqualTo(2 * governed.steadyLoad());
        assertThat(governed.recovered()).isTrue();
        List<Integer> back = governed.tiers().stream()
                .map(tier -> tier.recoveredSeconds().orElseThrow())
                .toList();
        assertThat(back).isSorted();
        assertThat(back.getFirst()).isLessThan(back.getLast());
    }

    @Test
    void withoutTheGovernorTheProvidersAreAskedForMoreAndWhatOthersNeedWaitsLonger() {
        ColdStartResult unbounded = SMALL.play(Arm.UNBOUNDED);
        ColdStartResult governed = SMALL.play(Arm.GOVERNED);
        assertThat(unbounded.peakLoad()).isGreaterThan(2 * unbounded.steadyLoad());
        assertThat(unbounded.tiers().getFirst().recoveredSeconds().orElse(Integer.MAX_VALUE))
                .isGreaterThan(governed.tiers().getFirst().recoveredSeconds().orElseThrow());
    }
}
