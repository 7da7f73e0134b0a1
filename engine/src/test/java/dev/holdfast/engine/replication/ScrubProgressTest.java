package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.replication.ScrubStatus.Counts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubProgressTest {
    private static final KeyRef AT = new KeyRef(new NamespaceId(1, 2), Key.of("a key\nof two lines"));

    @Test
    void whatIsKeptIsReadBack() {
        ScrubProgress half = ScrubProgress.NEVER.begin(1_000).upTo(AT, new Counts(1, 2, 3, 4));
        assertThat(ScrubProgress.parse(half.text())).isEqualTo(half);
        assertThat(half.underWay()).isTrue();
        ScrubProgress ended = half.end(2_000);
        assertThat(ScrubProgress.parse(ended.text())).isEqualTo(ended);
        assertThat(ended.underWay()).isFalse();
    }

    @Test
    void nextPassKnowsHowManyKeysThereWereThoughItWasBegunTwice() {
        ScrubProgress ended =
                ScrubProgress.NEVER.begin(1).upTo(AT, new Counts(7, 0, 0, 0)).end(2);
        assertThat(ended.begin(3).keysBefore()).isEqualTo(7);
        assertThat(ended.begin(3).begin(4).keysBefore()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2 3", "1 0 0 0 0 0 0 zz", "x 0 0 0 0 0 0 -", "1 0 0 0 0 0 0 00"})
    void whatCannotBeReadIsAPassThatNeverWas(String text) {
        assertThat(ScrubProgress.parse(text)).isEqualTo(ScrubProgress.NEVER);
    }
}
