package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.UnusedTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final NamespaceId SHOP = new NamespaceId(1, 1);
    private static final NamespaceId BULK = new NamespaceId(1, 2);
    private static final long SECOND = 1_000_000_000L;

    private long now = 5;
    private final Load load = new Load(new UnusedTime() {
        @Override
        public long nanos() {
            return now;
        }
    });

    private void ask(NamespaceId namespace, String key, int times) {
        for (int i = 0; i < times; i++) {
            load.note(namespace, Key.of(key));
        }
    }

    @Test
    void whatIsAskedASecondIsKnownWhileAllOfItGoesOnAndForgottenByHalfInAMinute() {
        for (int minute = 0; minute < 20; minute++) {
            for (int second = 0; second < 60; second++) {
                ask(SHOP, "k" + second, 10);
                load.note(SHOP);
                now += SECOND;
            }
            assertThat(load.perSecond(SHOP)).isCloseTo(11, within(0.01));
            load.age();
        }
        now += 60 * SECOND;
        assertThat(load.perSecond(SHOP)).isCloseTo(5.5, within(0.1));
        assertThat(load.perSecond(BULK)).isZero();
    }

    @Test
    void theLoadOfAShareIsThatOfItsKeysAndNotTheirNumber() {
        // One key has half of the load.
        String heavy = "heavy";
        for (int i = 0; i < 1_000; i++) {
            ask(SHOP, "k" + i, 1);
        }
        ask(SHOP, heavy, 1_000);
        ask(BULK, "b", 5_000);
        int at = Gate.hundredth(Key.of(heavy));
        Profile profile = load.profile(Set.of(SHOP), Set.of());
        assertThat(profile.load(at)).isLessThan(0.5);
        assertThat(profile.load(at + 1) - profile.load(at)).isGreaterThan(0.5);
        assertThat(profile.load(100)).isEqualTo(1);
        // But for a key that is let in before.
        Profile others = load.profile(Set.of(SHOP), List.of(new KeyRef(SHOP, Key.of(heavy))));
        assertThat(others.load(50)).isCloseTo(0.5, within(0.05));
    }

    @Test
    void ofAHandfulOfQuestionsNothingIsConcluded() {
        ask(SHOP, "k", 20);
        assertThat(load.profile(Set.of(SHOP), Set.of()).known()).isFalse();
        assertThat(load.profile(Set.of(SHOP), Set.of()).load(25)).isEqualTo(0.25);
    }

    @Test
    void theHottestKeysAreFoundAmongManyTheHottestFirst() {
        for (int i = 0; i < 10_000; i++) {
            ask(BULK, "b" + i, 1);
        }
        ask(SHOP, "front", 300);
        ask(SHOP, "prices", 200);
        ask(SHOP, "seldom", 5);
        assertThat(load.hottest(0.01, 10))
                .containsExactly(new KeyRef(SHOP, Key.of("front")), new KeyRef(SHOP, Key.of("prices")));
        assertThat(load.hottest(0.01, 1)).containsExactly(new KeyRef(SHOP, Key.of("front")));
    }
}
