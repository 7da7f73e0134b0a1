package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private static final long MILLI = 1_000_000L;

    private final BatchSize size = new BatchSize();

    @Test
    void quickBatchesGrowUpToABound() {
        for (int i = 0; i < 20; i++) {
            size.ended(size.keys(), MILLI, true);
        }
        assertThat(size.keys()).isEqualTo(BatchSize.MOST);
    }

    @Test
    void quickBatchThatWasNotFullSaysNothing() {
        int before = size.keys();
        size.ended(before - 1, MILLI, true);
        assertThat(size.keys()).isEqualTo(before);
    }

    @Test
    void batchThatTakesItsTimeChangesNothing() {
        int before = size.keys();
        size.ended(before, 2_000 * MILLI, true);
        assertThat(size.keys()).isEqualTo(before);
    }

    @Test
    void slowAndFailedBatchesShrinkToOneKeyAndNoFurther() {
        int before = size.keys();
        size.ended(before, 3_001 * MILLI, true);
        assertThat(size.keys()).isEqualTo(before / 2);
        for (int i = 0; i < 20; i++) {
            size.ended(size.keys(), MILLI, false);
        }
        assertThat(size.keys()).isEqualTo(1);
    }

    @Test
    void smallBatchThatFailsSaysThatALargerOneWould() {
        size.ended(4, MILLI, false);
        assertThat(size.keys()).isEqualTo(2);
    }
}
