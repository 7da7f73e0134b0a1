package dev.holdfast.engine.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GreyDetectorTest {
    private static final long LOOK = 250_000_000L;

    private final GreyDetector detector = new GreyDetector();
    private long nanos;

    /** Who is found to be wrong after so many looks that see the same. */
    private List<String> found(int looks, UnaryOperator<Seen> seen) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < looks; i++) {
            nanos += LOOK;
            found.clear();
            detector.look(seen.apply(Seen.at(nanos)).observation(), finding -> found.add(finding.subject()));
        }
        return found;
    }

    @Test
    void whoFailsMoreThanTheOthersIsFound() {
        assertThat(found(10, now -> now.provider("a", 10, 3).provider("b", 10, 0)))
                .containsExactly("a");
        assertThat(found(100, now -> now.provider("a", 10, 0).provider("b", 10, 0)))
                .isEmpty();
    }

    @Test
    void whoIsAloneIsHeldToNobody() {
        assertThat(found(10, now -> now.provider("a", 10, 3))).containsExactly("a");
    }

    @Test
    void whatAllFailAlikeIsHeldAgainstNoneThoughOneThatIsNotCalledFailsNothing() {
        UnaryOperator<Seen> alike =
                now -> now.provider("a", 10, 3).provider("b", 10, 3).provider("idle", 0, 0);
        assertThat(found(40, alike)).isEmpty();
    }

    @Test
    void oneThatIsNoLongerThereIsNotComparedWith() {
        found(40, now -> now.provider("a", 10, 0).provider("b", 10, 0).provider("gone", 10, 0));
        assertThat(found(4, now -> now.provider("a", 0, 10).provider("b", 0, 10)))
                .isEmpty();
    }
}
