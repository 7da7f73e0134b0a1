package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void the_order_is_a_total_order_that_the_hexadecimal_form_keeps() {
        Generators.forSeeds(5_000, any -> {
            Version a = any.anyVersion();
            Version b = any.anyVersion();
            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
            assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
            assertThat(Integer.signum(a.toString().compareTo(b.toString()))).isEqualTo(Integer.signum(a.compareTo(b)));
            assertThat(a.newerThan(b)).isEqualTo(Version.newest(a, b).equals(a) && !a.equals(b));
            assertThat(a).isBetween(Version.NONE, Version.MAX);
        });
    }

    @Test
    void the_hexadecimal_form_reads_back() {
        Generators.forSeeds(1_000, any -> {
            Version version = any.anyVersion();
            assertThat(version.toString()).matches("[0-9a-f]{16}");
            assertThat(Version.parse(version.toString())).isEqualTo(version);
        });
    }

    @Test
    void time_comes_first_then_the_counter_then_the_stamp() {
        Generators.forSeeds(2_000, any -> {
            long millis = any.random().nextLong(1L << 48);
            int counter = any.random().nextInt(256);
            int stamp = any.random().nextInt(256);
            Version version = Version.of(millis, counter, stamp);
            assertThat(version.millis()).isEqualTo(millis);
            assertThat(version.counter()).isEqualTo(counter);
            assertThat(version.stamp()).isEqualTo(stamp);
            assertThat(Version.atMillis(millis)).isLessThanOrEqualTo(version);
            assertThat(Version.of(millis, counter, 0)).isLessThanOrEqualTo(version);
            if (counter < 255) {
                assertThat(Version.of(millis, counter + 1, 0)).isGreaterThan(version);
            }
        });
    }

    @Test
    void what_is_no_version_is_refused() {
        for (String text : new String[] {"", "1", "0123456789abcdef0", "0123456789abcdeg", "-123456789abcdef"}) {
            assertThatThrownBy(() -> Version.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void parts_that_do_not_fit_are_refused_and_never_spill_into_others() {
        assertThatThrownBy(() -> Version.of(1L << 48, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Version.of(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Version.of(0, 256, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Version.of(0, 0, 256)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Version.of(0, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
