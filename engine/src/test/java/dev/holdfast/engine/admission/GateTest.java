package dev.holdfast.engine.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final int KEYS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"open", "stale-only", "closed", "1%", "25%", "99%"})
    void aGateIsReadAsItIsWritten(String text) {
        assertThat(Gate.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "opne", "0%", "100%", "-1%", "%", "25", "2.5%", "1000000000000%"})
    void whatIsNoGateIsRefusedInWords(String text) {
        assertThatThrownBy(() -> Gate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("share");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 25, 50, 99})
    void aShareOfTheKeysIsThatShare(int percent) {
        Gate gate = Gate.ramping(percent);
        long admitted = 0;
        for (int i = 0; i < KEYS; i++) {
            admitted += gate.admits(Key.of("user-" + i)) ? 1 : 0;
        }
        assertThat(100.0 * admitted / KEYS).isBetween(percent - 1.0, percent + 1.0);
    }

    @Test
    void aWiderShareHasAllKeysOfANarrowerOne() {
        for (int i = 0; i < KEYS; i++) {
            Key key = Key.of("k" + i);
            for (int percent = 2; percent < 99; percent += 7) {
                if (Gate.ramping(percent).admits(key)) {
                    assertThat(Gate.ramping(percent + 1).admits(key)).isTrue();
                }
            }
        }
    }

    @Test
    void onlyAnOpenGateLetsListingsThrough() {
        assertThat(Gate.OPEN.admitsAll()).isTrue();
        assertThat(Gate.ramping(99).admitsAll()).isFalse();
        assertThat(Gate.STALE_ONLY.admits(Key.of("k"))).isFalse();
        assertThat(Gate.CLOSED.admits(Key.of("k"))).isFalse();
    }
}
