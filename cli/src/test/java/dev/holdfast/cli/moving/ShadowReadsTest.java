package dev.holdfast.cli.moving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.moving.NodeAt.Seen;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShadowReadsTest {
    private long nanos = 17;
    private final ShadowReads asked = new ShadowReads(Duration.ofMillis(300), List.of(seen(0, 0, 0)), nanos);

    private static Seen seen(long hints, long shadowed, long disagreed) {
        return new Seen("c", "here/c", "joining", "current", true, hints, 0, shadowed, disagreed, "");
    }

    private void afterMillis(long millis, Seen now) {
        nanos += millis * 1_000_000;
        asked.add(List.of(now), nanos);
    }

    @Test
    void theyAreAskedForAsLongAsIsWanted() {
        afterMillis(200, seen(0, 10, 0));
        assertThat(asked.over()).isFalse();
        afterMillis(100, seen(0, 15, 0));
        assertThat(asked.over()).isTrue();
        assertThat(asked.reads()).isEqualTo(15);
        assertThat(asked.counted()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aWriteThatWasLateTakesTimeAndIsNoDisagreement() {
        afterMillis(200, seen(0, 10, 0));
        afterMillis(200, seen(1, 10, 0));
        afterMillis(200, seen(0, 10, 0));
        assertThat(asked.over()).isFalse();
        assertThat(asked.counted()).isEqualTo(Duration.ofMillis(200));
        afterMillis(100, seen(0, 15, 0));
        assertThat(asked.over()).isTrue();
        assertThat(asked.disagreed()).isZero();
    }

    @Test
    void oneOlderAnswerIsEnough() {
        afterMillis(10, seen(0, 10, 1));
        assertThat(asked.over()).isTrue();
        assertThat(asked.disagreed()).isEqualTo(1);
    }

    @Test
    void itBeginsAnewWithANodeThatWasStartedAgain() {
        afterMillis(200, seen(0, 10, 0));
        afterMillis(200, seen(0, 3, 0));
        assertThat(asked.over()).isFalse();
        assertThat(asked.counted()).isZero();
        afterMillis(200, seen(0, 13, 0));
        assertThat(asked.over()).isFalse();
        afterMillis(100, seen(0, 14, 0));
        assertThat(asked.over()).isTrue();
        assertThat(asked.reads()).isEqualTo(11);
    }

    @Test
    void whatIsSaidOfItChangesAsLongAsItGoesOn() {
        afterMillis(100, seen(0, 1, 0));
        String first = asked.sentence();
        afterMillis(100, seen(2, 2, 0));
        assertThat(asked.sentence()).isNotEqualTo(first).contains("2 writes wait for it");
    }
}
