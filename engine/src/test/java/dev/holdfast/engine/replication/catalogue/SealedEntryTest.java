package dev.holdfast.engine.replication.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.catalogue.Catalogue.Entry;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SealedEntryTest {
    private static final byte[] KEY = new byte[32];

    private static SealedEntry entry(long millis, long rank) {
        return new SealedEntry(Version.of(millis, 0, 0), new Entry(("at " + millis).getBytes(), rank));
    }

    @Test
    void openedEntryIsTheOneThatWasSealed() {
        SealedEntry opened = SealedEntry.open(KEY, "token/1", entry(5, 2).seal(KEY, "token/1"))
                .orElseThrow();
        assertThat(opened.version()).isEqualTo(Version.of(5, 0, 0));
        assertThat(opened.entry().rank()).isEqualTo(2);
        assertThat(opened.entry().content()).isEqualTo("at 5".getBytes());
    }

    @Test
    void providerCannotAlterMakeOrMoveAnEntry() {
        byte[] bytes = entry(5, 2).seal(KEY, "token/1");
        for (int i = 0; i < bytes.length; i++) {
            byte[] altered = bytes.clone();
            altered[i] ^= 1;
            assertThat(SealedEntry.open(KEY, "token/1", altered)).isEmpty();
        }
        byte[] otherKey = KEY.clone();
        otherKey[0] = 1;
        assertThat(SealedEntry.open(otherKey, "token/1", bytes)).isEmpty();
        assertThat(SealedEntry.open(KEY, "token/2", bytes)).isEmpty();
        assertThat(SealedEntry.open(KEY, "token/1", Arrays.copyOf(bytes, 20))).isEmpty();
    }

    @Test
    void revocationWinsOverALaterChange() {
        assertThat(entry(5, Catalogue.TERMINAL).beats(entry(9, 0))).isTrue();
        assertThat(entry(9, 0).beats(entry(5, Catalogue.TERMINAL))).isFalse();
        assertThat(entry(9, 0).beats(entry(5, 0))).isTrue();
        assertThat(entry(5, 0).beats(entry(5, 0))).isFalse();
    }
}
