package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyTest {

    @Test
    void the_order_is_that_of_unsigned_bytes_which_is_that_of_code_points() {
        Generators.forSeeds(2_000, any -> {
            Key a = any.anyKey();
            Key b = any.anyKey();
            int byCodePoint = Arrays.compare(
                    a.toString().codePoints().toArray(),
                    b.toString().codePoints().toArray());
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(byCodePoint));
            assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        });
    }

    @Test
    void a_key_comes_back_from_its_bytes() {
        Generators.forSeeds(1_000, any -> {
            Key key = any.anyKey();
            assertThat(Key.of(key.bytes().clone())).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(Key.of(key.toString())).isEqualTo(key);
        });
    }

    @Test
    void illegal_names_are_refused_with_a_sentence() {
        assertThatThrownBy(() -> Key.of("")).hasMessage("Key names must not be empty");
        assertThatThrownBy(() -> Key.of(".")).hasMessageContaining("Illegal key name \".\"");
        assertThatThrownBy(() -> Key.of("..")).hasMessageContaining("Illegal key name \"..\"");
        assertThatThrownBy(() -> Key.of("k".repeat(513)))
                .hasMessageContaining("513")
                .hasMessageContaining("512");
        assertThatThrownBy(() -> Key.of("\u00e9".repeat(257))).hasMessageContaining("514");
    }

    @Test
    void bytes_that_are_not_utf8_are_refused() {
        byte[][] broken = {
            {(byte) 0xff},
            {(byte) 0xc3},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {'a', (byte) 0x80}
        };
        for (byte[] bytes : broken) {
            assertThatThrownBy(() -> Key.of(bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void a_text_that_has_no_utf8_form_is_refused_and_not_bent() {
        assertThatThrownBy(() -> Key.of("a\ud800"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void a_prefix_is_a_matter_of_bytes() {
        Key key = Key.of("\u00e9t\u00e9");
        assertThat(key.startsWith(new byte[0])).isTrue();
        assertThat(key.startsWith(new byte[] {(byte) 0xc3})).isTrue();
        assertThat(key.startsWith(key.bytes())).isTrue();
        assertThat(key.startsWith("\u00e9t\u00e9!".getBytes())).isFalse();
        assertThat(key.startsWith(new byte[] {'e'})).isFalse();
    }
}
