package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Version;
import org.junit.jupiter.api.Test;

class KnownVersionsTest {
    private static KeyRef ref(int i) {
        return new KeyRef(new NamespaceId(1, 2), Key.of("key-" + i));
    }

    @Test
    void rememberedVersionsNeverGoBack() {
        KnownVersions known = new KnownVersions(16);
        known.learn(ref(1), Version.of(5, 0, 1));
        known.learn(ref(1), Version.of(3, 0, 1));
        assertThat(known.get(ref(1))).isEqualTo(Version.of(5, 0, 1));
    }

    /** Many more keys than slots: each answer is the key's own version or none, never another key's. */
    @Test
    void forgettingIsAllowedAndMixingUpIsNot() {
        KnownVersions known = new KnownVersions(16);
        for (int i = 1; i <= 1000; i++) {
            known.learn(ref(i), Version.of(i, 0, 1));
        }
        int remembered = 0;
        for (int i = 1; i <= 1000; i++) {
            Version version = known.get(ref(i));
            assertThat(version).isIn(Version.NONE, Version.of(i, 0, 1));
            remembered += version.equals(Version.NONE) ? 0 : 1;
        }
        assertThat(remembered).isBetween(1, 16);
    }
}
