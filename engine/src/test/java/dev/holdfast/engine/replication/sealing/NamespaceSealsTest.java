package dev.holdfast.engine.replication.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.replication.Seals.KeyMissing;
import dev.holdfast.engine.replication.catalogue.Catalogue;
import dev.holdfast.engine.replication.catalogue.Catalogue.NotKept;
import dev.holdfast.engine.time.SystemTime;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Data keys of namespaces: who can open what, and what is said when nobody can. */
class NamespaceSealsTest {
    private static final NamespaceId NAMESPACE = new NamespaceId(1, 2);
    private static final KeyRef REF = new KeyRef(NAMESPACE, Key.of("k"));
    private static final Record CLEAR = Record.of(new Version(5), "secret".getBytes(StandardCharsets.UTF_8));
    private static final byte[] EU = secret(1);
    private static final byte[] US = secret(2);

    private final Entries catalogue = new Entries();

    /** What all nodes share, without the providers. */
    private static final class Entries implements Catalogue {
        final Map<String, Entry> entries = new TreeMap<>();
        boolean durable = true;
        boolean whole = true;

        @Override
        public Optional<Entry> get(String name) {
            return Optional.ofNullable(entries.get(name));
        }

        @Override
        public Map<String, Entry> entries(String prefix) {
            Map<String, Entry> found = new TreeMap<>(entries);
            found.keySet().removeIf(name -> !name.startsWith(prefix));
            return found;
        }

        @Override
        public void put(String name, Entry entry) {
            entries.put(name, entry);
        }

        @Override
        public boolean wholeFor(String name) {
            return whole;
        }

        @Override
        public boolean spread(String name) {
            return durable;
        }
    }

    private static byte[] secret(int seed) {
        byte[] bytes = new byte[MasterKeys.BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private NamespaceSeals node(Map<String, byte[]> masters) {
        NamespaceSeals seals =
                new NamespaceSeals(new MasterKeys(masters), new SystemTime(), new SplittableRandom(masters.size()));
        seals.by(catalogue);
        return seals;
    }

    @Test
    void aNamespaceWithoutAKeyStaysInTheClearAndOneWithAKeyDoesNot() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        assertThat(node.seal(REF, CLEAR)).isSameAs(CLEAR);
        node.begin(NAMESPACE, "eu");
        Record sealed = node.seal(REF, CLEAR);
        assertThat(sealed.sealed()).isTrue();
        assertThat(node.open(REF, sealed)).isEqualTo(CLEAR);
        assertThat(node(Map.of("eu", EU)).open(REF, sealed)).isEqualTo(CLEAR);
        assertThat(node.seal(new KeyRef(NamespaceId.SYSTEM, Key.of("k")), CLEAR))
                .isSameAs(CLEAR);
        assertThat(node.seal(REF, Record.tombstone(new Version(6))).tombstone()).isTrue();
    }

    @Test
    void whileItIsNotKnownWhetherANamespaceIsSealedNothingIsWrittenToIt() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        catalogue.whole = false;
        assertThatThrownBy(() -> node.seal(REF, CLEAR))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("does not know whether namespace " + NAMESPACE + " is sealed");
        assertThat(node.seal(REF, Record.tombstone(new Version(6))).tombstone()).isTrue();
        assertThat(node.seal(new KeyRef(NamespaceId.SYSTEM, Key.of("k")), CLEAR))
                .isSameAs(CLEAR);
        // Whoever has no key has nothing sealed, and need not wait for a provider that is away.
        assertThat(node(Map.of()).seal(REF, CLEAR)).isSameAs(CLEAR);
        node.begin(NAMESPACE, "eu");
        assertThat(node.seal(REF, CLEAR).sealed()).isTrue();
    }

    @Test
    void nothingIsSealedUnderAKeyThatOneDiskAloneHas() {
        NamespaceSeals node = node(Map.of("eu", EU));
        catalogue.durable = false;
        assertThatThrownBy(() -> node.begin(NAMESPACE, "eu")).isInstanceOf(NotKept.class);
        assertThat(node.sealing(NAMESPACE)).isFalse();
    }

    @Test
    void withoutItsMasterKeyNothingIsWrittenOrReadAndTheSentenceNamesIt() throws Exception {
        node(Map.of("eu", EU)).begin(NAMESPACE, "eu");
        Record sealed = node(Map.of("eu", EU)).seal(REF, CLEAR);
        NamespaceSeals without = node(Map.of("us", US));
        String id = node(Map.of("eu", EU)).masters().ids().get("eu");
        assertThatThrownBy(() -> without.seal(REF, CLEAR))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("master key eu (" + id + ")");
        assertThatThrownBy(() -> without.open(REF, sealed)).isInstanceOf(KeyMissing.class);
        // Of bytes that it cannot open, a node says nothing.
        without.verify(REF, sealed);
    }

    @Test
    void anotherKeyOfTheSameNameIsFoundOutAndShownByNoByteOfEither() throws Exception {
        node(Map.of("eu", EU)).begin(NAMESPACE, "eu");
        NamespaceSeals wrong = node(Map.of("eu", US));
        assertThatThrownBy(() -> wrong.seal(REF, CLEAR))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("another key of that name")
                .message()
                .satisfies(said -> {
                    for (byte[] secret : new byte[][] {EU, US}) {
                        assertThat(said).doesNotContain(HexFormat.of().formatHex(secret, 0, 8));
                    }
                });
        assertThat(wrong.view(NAMESPACE).orElseThrow().keys())
                .singleElement()
                .satisfies(key ->
                        assertThat(key.missing()).contains(wrong.masters().ids().get("eu")));
    }

    @Test
    void afterRotationNewRecordsTakeTheNewKeyAndOldOnesStayReadable() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        node.begin(NAMESPACE, "eu");
        Record old = node.seal(REF, CLEAR);
        node.begin(NAMESPACE, "eu");
        Record fresh = node.seal(REF, CLEAR);
        assertThat(Box.label(fresh.value()).id())
                .isNotEqualTo(Box.label(old.value()).id());
        assertThat(node(Map.of("eu", EU)).open(REF, old)).isEqualTo(CLEAR);
        assertThat(node.open(REF, fresh)).isEqualTo(CLEAR);
        // What is sealed again under the newer key takes the place of the other at every provider.
        assertThat(Record.merge(old, fresh)).isSameAs(fresh);
    }

    @Test
    void rewrappingChangesNoRecordAndNeedsTheOldMasterKeyNoMore() throws Exception {
        NamespaceSeals both = node(Map.of("eu", EU, "us", US));
        both.begin(NAMESPACE, "eu");
        Record first = both.seal(REF, CLEAR);
        both.begin(NAMESPACE, "eu");
        Record second = both.seal(REF, CLEAR);
        both.rewrap(NAMESPACE, "us");
        NamespaceSeals after = node(Map.of("us", US));
        assertThat(after.open(REF, first)).isEqualTo(CLEAR);
        assertThat(after.open(REF, second)).isEqualTo(CLEAR);
        assertThat(after.seal(REF, CLEAR)).isEqualTo(second);
        assertThatThrownBy(() -> node(Map.of("eu", EU)).open(REF, first)).isInstanceOf(KeyMissing.class);
    }

    @Test
    void aWrappedKeyOfAnotherNamespaceOpensNothing() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        node.begin(NAMESPACE, "eu");
        NamespaceId other = new NamespaceId(1, 3);
        Map<String, Catalogue.Entry> moved = new HashMap<>();
        catalogue.entries.forEach(
                (name, entry) -> moved.put(name.replace(NAMESPACE.toString(), other.toString()), entry));
        catalogue.entries.putAll(moved);
        KeyRef ref = new KeyRef(other, REF.key());
        assertThatThrownBy(() -> node.seal(ref, CLEAR))
                .isInstanceOf(KeyMissing.class)
                .hasMessageContaining("is damaged in the catalogue");
    }

    @Test
    void alteredBytesAreDamageAndNotAMissingKey() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        node.begin(NAMESPACE, "eu");
        Record sealed = node.seal(REF, CLEAR);
        byte[] value = sealed.value().clone();
        value[value.length - 1] ^= 1;
        Record altered = sealed.sealed(sealed.metadata(), value);
        assertThatThrownBy(() -> node.open(REF, altered)).isInstanceOf(DamagedRecord.class);
        assertThatThrownBy(() -> node.verify(REF, altered)).isInstanceOf(DamagedRecord.class);
    }

    @Test
    void aRecordThatNamesAKeyThatThereIsNotIsDamageOnceThatIsKnown() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        node.begin(NAMESPACE, "eu");
        Record sealed = node.seal(REF, CLEAR);
        byte[] value = sealed.value().clone();
        value[12] ^= 1;
        Record altered = sealed.sealed(sealed.metadata(), value);
        node.verify(REF, altered);
        assertThatThrownBy(() -> node.open(REF, altered)).isInstanceOf(DamagedRecord.class);
        assertThatThrownBy(() -> node.verify(REF, altered)).isInstanceOf(DamagedRecord.class);
        assertThat(node.open(REF, sealed)).isEqualTo(CLEAR);
    }

    @Test
    void theCatalogueHoldsNoByteOfAKeyInTheClear() throws Exception {
        NamespaceSeals node = node(Map.of("eu", EU));
        node.begin(NAMESPACE, "eu");
        byte[] made = new byte[MasterKeys.BYTES];
        new SplittableRandom(1).nextBytes(made);
        catalogue
                .entries
                .values()
                .forEach(entry -> assertThat(new String(entry.content(), StandardCharsets.UTF_8))
                        .doesNotContain(HexFormat.of().formatHex(made, 0, 8))
                        .doesNotContain(HexFormat.of().formatHex(EU, 0, 8)));
    }
}
