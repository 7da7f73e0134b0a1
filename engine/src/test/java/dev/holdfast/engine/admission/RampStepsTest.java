package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.RampPlan.Member;
import dev.holdfast.engine.admission.RampPlan.Wave;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.time.UnusedTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RampStepsTest {
    private static final Wave WAVE =
            new Wave(2, List.of(new Member(new NamespaceId(1, 1), "shop", 2, 0, Gate.STALE_ONLY)), RampPlanner.LADDER);

    private final RampSteps steps = new RampSteps(
            RampConfig.DEFAULT,
            new RampPlan(List.of(new Wave(0, List.of(), List.of(100)), WAVE), List.of()),
            new Load(new UnusedTime() {
                @Override
                public long nanos() {
                    return 0;
                }
            }));

    private List<Integer> shares(Profile profile) {
        List<Integer> shares = new ArrayList<>();
        for (int at = 0; at < 100; ) {
            at = steps.next(WAVE, profile, at, 0);
            shares.add(at);
        }
        return shares;
    }

    /** Keys of the same load, but for one hundredth that has more. */
    private static Profile heavy(int hundredth, double times) {
        double[] of = new double[100];
        java.util.Arrays.fill(of, 10);
        of[hundredth] = 10 * times;
        return new Profile(of);
    }

    @Test
    void whereAllKeysAreAlikeTheStepsAreThoseOfTheLadder() {
        assertThat(shares(Profile.UNKNOWN)).containsExactly(1, 5, 25, 100);
        assertThat(shares(heavy(3, 1))).containsExactly(1, 5, 25, 100);
    }

    @Test
    void whereFivePercentOfTheKeysHaveFortyPercentOfTheLoadTheStepIsSmaller() {
        Profile profile = heavy(3, 64);
        assertThat(profile.load(5)).isBetween(0.4, 0.45);
        // 4 % alone would be too much, and cannot be parted: it comes by itself.
        assertThat(shares(profile)).containsExactly(1, 3, 4, 5, 25, 100);
    }

    @Test
    void noStepLetsInMoreThanSoManyTimesTheLoadUnlessItIsTheLeastStepThereIs() {
        for (int hundredth = 0; hundredth < 100; hundredth++) {
            Profile profile = heavy(hundredth, 200);
            int before = 0;
            for (int share : shares(profile)) {
                double grown = profile.load(share) / Math.max(0.01, profile.load(before));
                assertThat(share == before + 1 || grown <= RampConfig.DEFAULT.maxGrowth())
                        .as("from %d to %d", before, share)
                        .isTrue();
                before = share;
            }
        }
    }

    @Test
    void aStepThatWasTakenBackIsTriedAgainHalfAsFar() {
        assertThat(steps.next(WAVE, Profile.UNKNOWN, 5, 25)).isEqualTo(15);
        assertThat(steps.next(WAVE, Profile.UNKNOWN, 0, 1)).isEqualTo(1);
        assertThat(steps.next(WAVE, Profile.UNKNOWN, 25, 0)).isEqualTo(100);
    }
}
