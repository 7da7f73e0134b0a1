package dev.holdfast.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.simulation.check.Violation;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checkers are tested by programs with known mistakes: each must be caught within so many seeds, and by the right promise. */
class MutantsTest {
    private static final int WITHIN_SEEDS = 40;
    /**
     * The small store is impatient, right or wrong: a disk that stalls is too much for it. And it compares when it is asked to only.
     */
    private static final Shape FAIR = new Shape(
            1,
            2,
            EnumSet.complementOf(EnumSet.of(
                    Trouble.STALL, Trouble.ROLL_BACK, Trouble.ALL_CUT, Trouble.SUSPENDED, Trouble.SHARD_DOWN)),
            0,
            0,
            0);

    /** The promise that breaks in some world, of those that should; in worlds that are too much for the small store others may, too. */
    private static String caught(Variant variant, Predicate<String> wanted) {
        for (long seed = 0; seed < WITHIN_SEEDS; seed++) {
            Result result = new World(seed, variant, FAIR).run();
            for (Violation violation : result.violations()) {
                if (wanted.test(violation.promise())) {
                    return violation.promise();
                }
            }
        }
        return "nobody";
    }

    @Test
    void aSmallRightProgramPasses() {
        Origin right = SmallStore.with(EnumSet.noneOf(SmallStore.Wrong.class));
        for (long seed = 0; seed < 20; seed++) {
            Result result = new World(seed, Variant.of(right), Shape.SMALL).run();
            assertThat(result.failure()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(SmallStore.Wrong.class)
    void aSmallProgramWithAMistakeIsCaught(SmallStore.Wrong wrong) {
        assertThat(caught(Variant.of(SmallStore.with(Set.of(wrong))), wrong.breaks::contains))
                .isIn(wrong.breaks);
    }

    @Test
    void aDiskThatAcknowledgesBeforeItHasSyncedIsCaught() {
        Variant syncOff = new Variant(
                ReplicatedOrigin.asShipped().origin(), UnaryOperator.identity(), UnaryOperator.identity(), true);
        assertThat(caught(syncOff, promise -> promise.startsWith("P"))).startsWith("P");
    }
}
