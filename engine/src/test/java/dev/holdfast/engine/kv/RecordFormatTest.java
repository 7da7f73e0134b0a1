package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

    private static Record decode(NamespaceId namespace, Key key, byte[] bytes) {
        try {
            return RecordFormat.decode(namespace, key, bytes);
        } catch (DamagedRecord e) {
            throw new AssertionError(e);
        }
    }

    private static Head head(NamespaceId namespace, Key key, byte[] bytes) {
        try {
            return RecordFormat.head(namespace, key, bytes);
        } catch (DamagedRecord e) {
            throw new AssertionError(e);
        }
    }

    private static void assertDamaged(NamespaceId namespace, Key key, byte[] bytes) {
        assertThatThrownBy(() -> RecordFormat.decode(namespace, key, bytes)).isInstanceOf(DamagedRecord.class);
        assertThatThrownBy(() -> RecordFormat.head(namespace, key, bytes)).isInstanceOf(DamagedRecord.class);
    }

    @Test
    void a_record_comes_back_as_it_was() {
        Generators.forSeeds(2_000, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            Record record = any.record(any.anyVersion());
            byte[] bytes = RecordFormat.encode(namespace, key, record);
            assertThat(decode(namespace, key, bytes)).isEqualTo(record);
            assertThat(bytes).hasSize(RecordFormat.OVERHEAD + record.metadata().length + record.value().length);
        });
    }

    @Test
    void the_beginning_and_the_checksum_of_a_verified_record_tell_its_head() {
        Generators.forSeeds(500, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            Record record = any.record(any.anyVersion());
            byte[] bytes = RecordFormat.encode(namespace, key, record);
            Head head = RecordFormat.headOf(namespace, key, record);
            int upToValue = RecordFormat.OVERHEAD - 4 + record.metadata().length;
            try {
                assertThat(RecordFormat.headOfVerified(Arrays.copyOf(bytes, upToValue), bytes.length, head.checksum()))
                        .usingRecursiveComparison()
                        .isEqualTo(head);
            } catch (DamagedRecord e) {
                throw new AssertionError(e);
            }
            assertThatThrownBy(() -> RecordFormat.headOfVerified(bytes, bytes.length + 1, head.checksum()))
                    .isInstanceOf(DamagedRecord.class);
            assertThatThrownBy(() -> RecordFormat.headOfVerified(
                            Arrays.copyOf(bytes, upToValue - 1), bytes.length, head.checksum()))
                    .isInstanceOf(DamagedRecord.class);
        });
    }

    @Test
    void a_head_tells_what_the_record_holds() {
        Generators.forSeeds(500, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            Record record = any.record(any.anyVersion());
            Head head = RecordFormat.headOf(namespace, key, record);
            assertThat(head(namespace, key, RecordFormat.encode(namespace, key, record)))
                    .usingRecursiveComparison()
                    .isEqualTo(head);
            assertThat(head.version()).isEqualTo(record.version());
            assertThat(head.tombstone()).isEqualTo(record.tombstone());
            assertThat(head.expiration()).isEqualTo(record.expiration());
            assertThat(head.metadata()).isEqualTo(record.metadata());
            assertThat(head.valueBytes()).isEqualTo(record.value().length);
            for (long wall : new long[] {-1, 0, 999, 1_000, 2_000, 4_000_000_000_000L}) {
                assertThat(head.alive(wall)).isEqualTo(record.alive(wall));
                assertThat(head.expired(wall)).isEqualTo(record.expired(wall));
            }
        });
    }

    @Test
    void two_records_at_one_version_have_heads_that_differ() {
        Key key = Key.of("k");
        NamespaceId namespace = new NamespaceId(1, 2);
        Head a = RecordFormat.headOf(namespace, key, Record.of(new Version(5), new byte[] {1}));
        Head b = RecordFormat.headOf(namespace, key, Record.of(new Version(5), new byte[] {2}));
        assertThat(a.sameAs(b)).isFalse();
        assertThat(a.sameAs(RecordFormat.headOf(namespace, key, Record.of(new Version(5), new byte[] {1}))))
                .isTrue();
    }

    @Test
    void damage_of_any_byte_is_detected() {
        Generators.forSeeds(60, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            byte[] bytes = RecordFormat.encode(namespace, key, any.record(any.anyVersion()));
            for (int i = 0; i < bytes.length; i++) {
                byte[] altered = bytes.clone();
                altered[i] ^= (byte) (1 + any.random().nextInt(255));
                assertDamaged(namespace, key, altered);
            }
        });
    }

    @Test
    void every_change_of_every_byte_of_a_short_record_is_detected() {
        NamespaceId namespace = new NamespaceId(1, 2);
        Key key = Key.of("k");
        for (Record record : new Record[] {
            Record.tombstone(new Version(3)), Record.of(new Version(3), 7, new byte[] {'1'}, new byte[] {1, 2})
        }) {
            byte[] bytes = RecordFormat.encode(namespace, key, record);
            for (int i = 0; i < bytes.length; i++) {
                for (int change = 1; change < 256; change++) {
                    byte[] altered = bytes.clone();
                    altered[i] ^= (byte) change;
                    assertDamaged(namespace, key, altered);
                }
            }
        }
    }

    @Test
    void any_truncation_and_any_addition_is_detected() {
        Generators.forSeeds(60, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            byte[] bytes = RecordFormat.encode(namespace, key, any.record(any.anyVersion()));
            for (int length = 0; length < bytes.length; length++) {
                assertDamaged(namespace, key, Arrays.copyOf(bytes, length));
            }
            assertDamaged(namespace, key, Arrays.copyOf(bytes, bytes.length + 1));
        });
    }

    @Test
    void bytes_at_random_are_no_record() {
        Generators.forSeeds(2_000, any -> {
            byte[] bytes = any.bytes(any.random().nextInt(80));
            if (bytes.length > 3 && any.random().nextBoolean()) {
                bytes[0] = 'H';
                bytes[1] = 'F';
                bytes[2] = 1;
                bytes[3] = 0;
            }
            assertDamaged(any.namespace(), any.key(), bytes);
        });
    }

    @Test
    void a_record_handed_out_for_another_key_or_namespace_is_detected() {
        Generators.forSeeds(500, any -> {
            NamespaceId namespace = any.namespace();
            Key key = any.anyKey();
            byte[] bytes = RecordFormat.encode(namespace, key, any.record(any.anyVersion()));
            Key other = any.anyKey();
            if (!other.equals(key)) {
                assertDamaged(namespace, other, bytes);
            }
            assertDamaged(any.namespace(), key, bytes);
            assertDamaged(new NamespaceId(namespace.low(), namespace.high()), key, bytes);
            assertDamaged(new NamespaceId(namespace.high(), namespace.low() ^ 1), key, bytes);
        });
    }

    @Test
    void what_moves_between_key_and_record_is_detected() {
        // The checksum runs over key and record without anything between them; only lengths and the magic part them.
        NamespaceId namespace = new NamespaceId(1, 2);
        byte[] bytes = RecordFormat.encode(namespace, Key.of("ab"), Record.of(new Version(1), new byte[] {1}));
        byte[] shifted = new byte[bytes.length + 1];
        shifted[0] = 'b';
        System.arraycopy(bytes, 0, shifted, 1, bytes.length);
        assertDamaged(namespace, Key.of("a"), shifted);
        assertDamaged(namespace, Key.of("abH"), Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    @Test
    void the_beginning_is_enough_for_the_version() throws Exception {
        Record record = Record.of(new Version(0x0123456789abcdefL), new byte[10]);
        byte[] bytes = RecordFormat.encode(new NamespaceId(1, 2), Key.of("k"), record);
        byte[] beginning = Arrays.copyOf(bytes, RecordFormat.PEEK_BYTES);
        assertThat(RecordFormat.peekVersion(beginning, beginning.length)).isEqualTo(record.version());
        assertThatThrownBy(() -> RecordFormat.peekVersion(beginning, RecordFormat.PEEK_BYTES - 1))
                .isInstanceOf(DamagedRecord.class);
        for (int i = 0; i < 3; i++) {
            byte[] altered = beginning.clone();
            altered[i] ^= 1;
            assertThatThrownBy(() -> RecordFormat.peekVersion(altered, altered.length))
                    .isInstanceOf(DamagedRecord.class);
        }
    }

    @Test
    void the_largest_record_there_may_be_fits() {
        NamespaceId namespace = new NamespaceId(1, 2);
        Key key = Key.of("k");
        Record largest =
                Record.of(Version.MAX, Long.MAX_VALUE, new byte[Limits.METADATA_BYTES], new byte[Limits.VALUE_BYTES]);
        assertThat(decode(namespace, key, RecordFormat.encode(namespace, key, largest))
                        .equals(largest))
                .isTrue();
    }

    @Test
    void metadata_that_its_length_field_cannot_tell_is_refused() {
        Record record = Record.of(new Version(1), Record.NEVER, new byte[65_536], new byte[0]);
        assertThatThrownBy(() -> RecordFormat.encode(new NamespaceId(1, 2), Key.of("k"), record))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata");
    }

    /** The example in the document is made here, so that it cannot drift from what is written. */
    @Test
    void the_documented_example_is_what_is_written() throws Exception {
        NamespaceId namespace = NamespaceId.parse("0f2ac74b498b48028cb68387c421e279");
        Key key = Key.of("greeting");
        Record record = Record.of(
                Version.of(1_750_000_000_000L, 2, 7),
                1_760_000_000L,
                "{\"by\":\"me\"}".getBytes(StandardCharsets.UTF_8),
                "hello".getBytes(StandardCharsets.UTF_8));
        String document = Files.readString(Path.of("..", "docs", "on-provider-format.md"));
        assertThat(document).contains(lines(RecordFormat.encode(namespace, key, record)));
        assertThat(document)
                .contains(lines(
                        RecordFormat.encode(namespace, key, Record.tombstone(Version.of(1_750_000_000_500L, 0, 7)))));
    }

    private static String lines(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int at = 0; at < bytes.length; at += 16) {
            byte[] line = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 16));
            text.append("%04x  %s%n".formatted(at, hex.formatHex(line)));
        }
        return text.toString();
    }
}
