package dev.holdfast.providers.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Generators;
import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Limits;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.RecordFormat;
import dev.holdfast.engine.kv.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyPathTest {
    private static final NamespaceId NS = new NamespaceId(-1, -1);

    /** As S3 orders names: by the bytes of their UTF-8 form. */
    private static final Comparator<String> LISTED =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private static String name(Key key, String label) {
        return KeyPath.of(key.bytes()) + KeyPath.END + label;
    }

    /** A neighbour of the key: longer, shorter, or different in one byte, so that prefixes and borders of parts come up. */
    private static Key near(Generators any, Key key) {
        byte[] bytes = key.bytes();
        int length = 1 + any.random().nextInt(Math.min(Limits.KEY_BYTES, bytes.length + 3));
        byte[] other = Arrays.copyOf(bytes, length);
        for (int i = bytes.length; i < length; i++) {
            other[i] = (byte) any.random().nextInt(128);
        }
        if (any.random().nextBoolean()) {
            other[any.random().nextInt(length)] = (byte) any.random().nextInt(128);
        }
        try {
            return Key.of(other);
        } catch (IllegalArgumentException notUtf8) {
            return any.anyKey();
        }
    }

    private static Key key(Generators any) {
        return switch (any.random().nextInt(4)) {
            case 0 -> any.key();
            case 1 ->
                Key.of("x".repeat(78 + any.random().nextInt(5))
                        + (char) any.random().nextInt(128));
            case 2 -> Key.of("\u0000".repeat(1 + any.random().nextInt(Limits.KEY_BYTES)));
            default -> any.anyKey();
        };
    }

    @Test
    void names_are_in_the_order_of_keys_whatever_follows_the_key() {
        String lowest = "0".repeat(16);
        String highest = "f".repeat(16) + "-v";
        Generators.forSeeds(20_000, any -> {
            Key a = key(any);
            Key b = near(any, a);
            int order = Integer.signum(a.compareTo(b));
            if (order != 0) {
                assertThat(Integer.signum(LISTED.compare(name(a, highest), name(b, lowest))))
                        .as("%s and %s", a, b)
                        .isEqualTo(order);
                assertThat(Integer.signum(LISTED.compare(name(a, lowest), name(b, highest))))
                        .isEqualTo(order);
                assertThat(Integer.signum(LISTED.compare(name(a, "~"), name(b, lowest))))
                        .as("after all of a key comes the next one")
                        .isEqualTo(order);
            }
        });
    }

    @Test
    void a_key_is_read_back_from_its_path() {
        Generators.forSeeds(5_000, any -> {
            Key key = key(any);
            assertThat(KeyPath.key(KeyPath.of(key.bytes()))).isEqualTo(key);
        });
        assertThatThrownBy(() -> KeyPath.key("zz")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KeyPath.key("c5"))
                .as("bits beyond the last byte are 0")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void paths_of_keys_with_a_prefix_begin_with_its_path_and_are_not_below_it() {
        Generators.forSeeds(20_000, any -> {
            Key key = key(any);
            byte[] prefix = Arrays.copyOf(key.bytes(), any.random().nextInt(key.bytes().length + 1));
            String name = name(key, "0");
            assertThat(name).startsWith(KeyPath.ofAllWith(prefix));
            assertThat(LISTED.compare(name, KeyPath.of(prefix))).isPositive();
        });
    }

    @Test
    void newer_versions_come_first() {
        Generators.forSeeds(1_000, any -> {
            TreeMap<String, Version> byName = new TreeMap<>(LISTED);
            for (int i = 0; i < 10; i++) {
                Version version = any.anyVersion();
                byName.put(Versions.inverted(version), version);
                assertThat(Versions.of(Versions.inverted(version))).isEqualTo(version);
            }
            assertThat(java.util.List.copyOf(byName.values())).isSortedAccordingTo(Comparator.reverseOrder());
        });
    }

    @Test
    void a_label_is_read_back_and_the_longest_name_fits() {
        Key longest = Key.of("k".repeat(Limits.KEY_BYTES));
        Record record = Record.of(Version.MAX, Long.MIN_VALUE, new byte[0xffff], new byte[] {1});
        byte[] body = RecordFormat.encode(NS, longest, record);
        Label label = Label.of(RecordFormat.headOf(NS, longest, record), Label.md5(body), -1);
        assertThat(Label.parse(label.text())).isEqualTo(label);
        String name = "p".repeat(S3Settings.PREFIX_BYTES) + "/" + "0".repeat(32) + "/record/" + NS + "/"
                + name(longest, label.text());
        assertThat(name).hasSizeLessThanOrEqualTo(1024).hasSizeGreaterThan(1000);
        assertThat(name.split("/")).allMatch(part -> part.length() <= 255 - 40, "room for the name of a file and more");
    }

    @Test
    void the_example_lies_where_the_document_says() throws Exception {
        Key key = Key.of("greeting");
        NamespaceId namespace = NamespaceId.parse("0f2ac74b498b48028cb68387c421e279");
        Record record = Record.of(
                Version.parse("01977420dc000207"), 1760000000L, "{\"by\":\"me\"}".getBytes(), "hello".getBytes());
        byte[] body = RecordFormat.encode(namespace, key, record);
        Label label = Label.of(RecordFormat.headOf(namespace, key, record), Label.md5(body), 0);
        String name = "/record/" + namespace + "/" + name(key, label.text());
        assertThat(Files.readString(Path.of("../../docs/on-provider-format.md")))
                .contains(name.substring(0, name.length() - 8) + "XXXXXXXX");
    }
}
