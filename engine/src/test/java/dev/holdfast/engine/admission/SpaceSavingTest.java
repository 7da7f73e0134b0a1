package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.admission.SpaceSaving.Counted;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpaceSavingTest {
    private static final Comparator<Integer> TIES = Comparator.naturalOrder();

    @Test
    void whatComesMoreOftenThanOneInSoManyIsFoundAndNoCountIsTooHigh() {
        for (int seed = 0; seed < 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SpaceSaving<Integer> counts = new SpaceSaving<>(50);
            Map<Integer, Integer> right = new HashMap<>();
            int all = 20_000;
            for (int i = 0; i < all; i++) {
                // Ten that come often, of which each has 3 %, and many that come once or twice.
                int item = random.nextDouble() < 0.3 ? random.nextInt(10) : 10 + random.nextInt(20_000);
                counts.note(item);
                right.merge(item, 1, Integer::sum);
            }
            assertThat(counts.total()).isEqualTo(all);
            assertThat(counts.atLeast(all / 100.0, TIES))
                    .extracting(Counted::item)
                    .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            for (Counted<Integer> counted : counts.atLeast(0, TIES)) {
                assertThat(counted.count()).isLessThanOrEqualTo(right.getOrDefault(counted.item(), 0));
            }
        }
    }

    @Test
    void theMostOftenComesFirstAndEqualsInTheirOrder() {
        SpaceSaving<Integer> counts = new SpaceSaving<>(10);
        for (int item : new int[] {3, 2, 2, 1, 5, 5, 5}) {
            counts.note(item);
        }
        assertThat(counts.atLeast(1, TIES)).extracting(Counted::item).containsExactly(5, 2, 1, 3);
    }

    @Test
    void whatCameBeforeWeighsHalf() {
        SpaceSaving<Integer> counts = new SpaceSaving<>(10);
        for (int i = 0; i < 8; i++) {
            counts.note(1);
        }
        counts.halve();
        for (int i = 0; i < 5; i++) {
            counts.note(2);
        }
        assertThat(counts.atLeast(1, TIES)).extracting(Counted::item).containsExactly(2, 1);
        assertThat(counts.count(1)).isEqualTo(4);
        assertThat(counts.total()).isEqualTo(9);
    }
}
