package dev.holdfast.engine.replication.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.DamagedRecord;
import dev.holdfast.engine.kv.Head;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What lies at providers of a sealed namespace gives nothing away and cannot be passed off as anything else. */
class SealedRecordsTest {
    private static final NamespaceId NAMESPACE = new NamespaceId(7, 8);
    private static final KeyRef REF = new KeyRef(NAMESPACE, Key.of("users/1"));
    private static final Version VERSION = Version.of(1_800_000_000_000L, 3, 9);
    private static final byte[] METADATA = bytes("{\"name\":\"Ada Lovelace\"}");
    private static final byte[] VALUE = bytes("ada@example.org, 10 December 1815");
    private static final Record CLEAR = Record.of(VERSION, 1_900_000_000L, METADATA, VALUE);
    private static final DataKey KEY = key(1);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static DataKey key(int seed) {
        byte[] secret = new byte[MasterKeys.BYTES];
        new SplittableRandom(seed).nextBytes(secret);
        return new DataKey(new Box.Label(1, Box.id(secret)), new SecretKeySpec(secret, "AES"));
    }

    private static void assertRefused(DataKey key, KeyRef ref, Record sealed) {
        assertThatThrownBy(() -> key.open(ref, sealed)).isInstanceOf(DamagedRecord.class);
    }

    @Test
    void aRecordOfAnySizeComesBackAsItWas() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 500; round++) {
            byte[] metadata = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(Limits.METADATA_BYTES + 1)];
            byte[] value = new byte[random.nextInt(round % 50 == 0 ? 100_000 : 600)];
            random.nextBytes(metadata);
            random.nextBytes(value);
            KeyRef ref = new KeyRef(new NamespaceId(random.nextLong(), 5), Key.of("k" + random.nextInt()));
            Record clear = Record.of(new Version(random.nextLong()), random.nextLong(1L << 40), metadata, value);

            Record sealed = KEY.seal(ref, clear);
            assertThat(sealed.sealed()).isTrue();
            assertThat(sealed.value()).hasSize(value.length + Box.OVERHEAD);
            byte[] encoded = RecordFormat.encode(ref.namespace(), ref.key(), sealed);
            Record read = RecordFormat.decode(ref.namespace(), ref.key(), encoded);
            assertThat(read).isEqualTo(sealed);
            assertThat(KEY.open(ref, read)).isEqualTo(clear);
            Head head = KEY.open(ref, RecordFormat.head(ref.namespace(), ref.key(), encoded));
            assertThat(head.metadata()).isEqualTo(metadata);
            assertThat(head.valueBytes()).isEqualTo(value.length);
        }
    }

    @Test
    void theLargestValueFits() throws Exception {
        Record clear = Record.of(VERSION, new byte[Limits.VALUE_BYTES]);
        assertThat(KEY.open(REF, KEY.seal(REF, clear))).isEqualTo(clear);
    }

    @Test
    void nothingOfTheContentIsInIt() {
        byte[] encoded = RecordFormat.encode(NAMESPACE, REF.key(), KEY.seal(REF, CLEAR));
        String seen = new String(encoded, StandardCharsets.ISO_8859_1);
        for (String part : new String[] {"Ada", "Lovelace", "name", "example", "1815"}) {
            assertThat(seen).doesNotContain(part);
        }
    }

    @Test
    void theSameRecordGivesTheSameBytesAndAnotherOneSharesNothingWithIt() {
        Record sealed = KEY.seal(REF, CLEAR);
        assertThat(KEY.seal(REF, CLEAR)).isEqualTo(sealed);
        for (Record other : new Record[] {
            KEY.seal(REF, CLEAR.at(Version.of(1_800_000_000_000L, 4, 9))),
            KEY.seal(new KeyRef(NAMESPACE, Key.of("users/2")), CLEAR),
            KEY.seal(new KeyRef(new NamespaceId(7, 9), REF.key()), CLEAR),
            KEY.seal(REF, Record.of(VERSION, 1_900_000_001L, METADATA, VALUE)),
            KEY.seal(REF, Record.of(VERSION, 1_900_000_000L, METADATA, bytes("bda@example.org, 10 December 1815"))),
            key(2).seal(REF, CLEAR)
        }) {
            // Of two boxes under one subkey the XOR would be that of their contents.
            assertThat(same(sealed.value(), other.value())).isLessThan(6);
        }
    }

    /** How many bytes of the ciphertext are the same at the same place. */
    private static int same(byte[] a, byte[] b) {
        int same = 0;
        for (int i = 29; i < Math.min(a.length, b.length); i++) {
            same += a[i] == b[i] ? 1 : 0;
        }
        return same;
    }

    @Test
    void aRecordIsNotTakenForThatOfAnotherKeyNamespaceVersionOrExpiration() {
        Record sealed = KEY.seal(REF, CLEAR);
        assertRefused(KEY, new KeyRef(NAMESPACE, Key.of("users/2")), sealed);
        assertRefused(KEY, new KeyRef(new NamespaceId(7, 9), REF.key()), sealed);
        // The end of one namespace id and the beginning of a key are not a longer key.
        assertRefused(KEY, new KeyRef(NAMESPACE, Key.of("users/11")), sealed);
        assertRefused(
                KEY,
                REF,
                new Record(
                        new Version(VERSION.bits() + 1),
                        false,
                        true,
                        sealed.expiration(),
                        sealed.metadata(),
                        sealed.value()));
        assertRefused(KEY, REF, new Record(VERSION, false, true, Record.NEVER, sealed.metadata(), sealed.value()));
        assertRefused(key(2), REF, sealed);
    }

    @Test
    void metadataIsNotTakenForThatOfAnotherRecordAndNotTakenAway() {
        Record sealed = KEY.seal(REF, CLEAR);
        Record other = KEY.seal(REF, Record.of(VERSION, 1_900_000_000L, bytes("{}"), VALUE));
        assertRefused(KEY, REF, sealed.sealed(other.metadata(), sealed.value()));
        assertRefused(KEY, REF, sealed.sealed(new byte[0], sealed.value()));
        assertRefused(KEY, REF, sealed.sealed(sealed.value(), sealed.metadata()));
    }

    @Test
    void anyFlippedBitIsFound() {
        Record sealed = KEY.seal(REF, CLEAR);
        for (int bit = 0; bit < 8 * sealed.value().length; bit++) {
            assertRefused(KEY, REF, sealed.sealed(sealed.metadata(), flipped(sealed.value(), bit)));
        }
        for (int bit = 0; bit < 8 * sealed.metadata().length; bit++) {
            Record altered = sealed.sealed(flipped(sealed.metadata(), bit), sealed.value());
            assertRefused(KEY, REF, altered);
            Head head = RecordFormat.headOf(NAMESPACE, REF.key(), altered);
            assertThatThrownBy(() -> KEY.open(REF, head)).isInstanceOf(DamagedRecord.class);
        }
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }

    @Test
    void anyLengthButItsOwnIsFound() {
        Record sealed = KEY.seal(REF, CLEAR);
        for (int length = 0; length < sealed.value().length + 3; length++) {
            if (length != sealed.value().length) {
                assertRefused(KEY, REF, sealed.sealed(sealed.metadata(), Arrays.copyOf(sealed.value(), length)));
            }
        }
    }

    @Test
    void ofTheSameRecordTheSealedOneStays() {
        Record sealed = KEY.seal(REF, CLEAR);
        assertThat(Record.merge(CLEAR, sealed)).isSameAs(sealed);
        assertThat(Record.merge(sealed, CLEAR)).isSameAs(sealed);
        Record newer = CLEAR.at(new Version(VERSION.bits() + 1));
        assertThat(Record.merge(newer, sealed)).isSameAs(newer);
    }

    @Test
    void aTombstoneIsNeverSealed() {
        assertThatThrownBy(() -> new Record(VERSION, true, true, 0, new byte[0], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
