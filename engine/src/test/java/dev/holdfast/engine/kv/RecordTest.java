package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecordTest {

    @Test
    void merge_is_commutative_associative_and_idempotent() {
        Generators.forSeeds(5_000, any -> {
            Record a = any.record(any.version());
            Record b = any.record(any.random().nextBoolean() ? a.version() : any.version());
            Record c = any.record(any.random().nextBoolean() ? b.version() : any.version());
            assertThat(Record.merge(a, b)).isEqualTo(Record.merge(b, a)).isIn(a, b);
            assertThat(Record.merge(Record.merge(a, b), c)).isEqualTo(Record.merge(a, Record.merge(b, c)));
            assertThat(Record.merge(a, a)).isEqualTo(a);
        });
    }

    @Test
    void merge_keeps_the_newer_version_whatever_it_holds() {
        Generators.forSeeds(2_000, any -> {
            Record a = any.record(any.anyVersion());
            Record b = any.record(any.anyVersion());
            assertThat(Record.merge(a, b).version()).isEqualTo(Version.newest(a.version(), b.version()));
        });
    }

    @Test
    void at_equal_versions_a_delete_wins() {
        Record value = Record.of(new Version(1), new byte[] {(byte) 0xff});
        assertThat(Record.merge(value, Record.tombstone(new Version(1)))).isEqualTo(Record.tombstone(new Version(1)));
    }

    @Test
    void a_record_expires_with_the_second_it_names() {
        Record record = Record.of(new Version(1), 10, new byte[0], new byte[0]);
        assertThat(record.alive(9_999)).isTrue();
        assertThat(record.alive(10_000)).isFalse();
        assertThat(Record.of(new Version(1), new byte[0]).alive(Long.MAX_VALUE)).isTrue();
        assertThat(Record.tombstone(new Version(1)).alive(0)).isFalse();
    }

    @Test
    void equality_is_by_content() {
        Generators.forSeeds(1_000, any -> {
            Record a = any.record(any.version());
            Record copy = new Record(
                    new Version(a.version().bits()),
                    a.tombstone(),
                    a.expiration(),
                    a.metadata().clone(),
                    a.value().clone());
            assertThat(copy).isEqualTo(a).hasSameHashCodeAs(a);
            assertThat(a.at(Version.MAX)).isNotEqualTo(a);
        });
    }

    @Test
    void a_tombstone_holds_nothing() {
        byte[] nothing = {};
        byte[] something = {1};
        assertThatThrownBy(() -> new Record(new Version(1), true, 0, nothing, something))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record(new Version(1), true, 0, something, nothing))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Record(new Version(1), true, 5, nothing, nothing))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
