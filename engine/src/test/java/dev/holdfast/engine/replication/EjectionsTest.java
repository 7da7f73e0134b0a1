package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.time.UnusedTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class EjectionsTest {
    private static final long SECOND = 1_000_000_000L;

    private long now;

    private Ejections of(int providers, double share) {
        return new Ejections(
                new UnusedTime() {
                    @Override
                    public long nanos() {
                        return now;
                    }
                },
                providers,
                () -> providers,
                share);
    }

    @Test
    void halfOfTheProvidersMayBeGivenUpWithinAMinute() {
        Ejections five = of(5, 0.5);
        assertThat(five.most()).isEqualTo(2);
        five.ejected(0);
        assertThat(five.allowed(1, List.of(0))).isTrue();
        five.ejected(1);
        assertThat(five.allowed(2, List.of(0, 1))).isFalse();
        now += 60 * SECOND;
        assertThat(five.allowed(2, List.of(0, 1))).isTrue();
    }

    @Test
    void oneMayBeInAnyCase() {
        assertThat(of(2, 0).most()).isEqualTo(1);
        assertThat(of(3, 0.5).most()).isEqualTo(1);
        assertThat(of(2, 0).allowed(0, List.of())).isTrue();
    }

    @Test
    void oneThatIsBackDoesNotCount() {
        Ejections three = of(3, 0.5);
        three.ejected(0);
        assertThat(three.allowed(1, List.of(0))).isFalse();
        assertThat(three.allowed(1, List.of())).isTrue();
    }

    @Test
    void oneThatLeavesAgainCountsOnce() {
        Ejections three = of(3, 0.5);
        three.ejected(0);
        assertThat(three.allowed(0, List.of(0))).isTrue();
    }

    @Test
    void oneThatIsHeldIsToldOfForAMinute() {
        Ejections three = of(3, 0.5);
        three.held(1);
        assertThat(three.isHeld(1)).isTrue();
        assertThat(three.isHeld(0)).isFalse();
        now += 60 * SECOND;
        assertThat(three.isHeld(1)).isFalse();
    }
}
