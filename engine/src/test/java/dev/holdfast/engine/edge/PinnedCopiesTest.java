package dev.holdfast.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Namespace;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.replication.KeyRef;
import dev.holdfast.engine.time.SystemTime;
import dev.holdfast.engine.time.Time;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedCopiesTest {
    private final Time time = new SystemTime();
    private final List<KeyRef> left = new ArrayList<>();
    private final PinnedCopies copies =
            new PinnedCopies(time, new EdgeCounters(), 10_000, (ref, held) -> left.add(ref));

    private PinnedCopy copy(long name) {
        Namespace.Policy pinned = Namespace.Policy.DEFAULT.withPinned(true);
        PinnedCopy copy =
                copies.make(new Namespace(new NamespaceId(name, name), "n", "0".repeat(32), "", "", pinned, 0, 0));
        copies.add(copy);
        return copy;
    }

    private void load(PinnedCopy copy, String key) {
        copy.load(Key.of(key), entry(1));
    }

    private Entry entry(int version) {
        Record record = Record.of(Version.of(1_800_000_000_000L + version, 0, 7), new byte[] {1});
        return new Entry(record, time.nanos(), time.wallMillis(), Entry.MEMORY);
    }

    @Test
    void whoMakesACopyOutgrowItsRoomDoesNotWaitUntilWhatItHoldsIsDropped() {
        PinnedCopy small = copy(1);
        PinnedCopy large = copy(2);
        load(small, "k");
        int keys = 0;
        while (large.state() == PinnedStatus.State.LOADING) {
            load(large, "k" + keys++);
        }
        assertThat(large.bytes()).isZero();
        assertThat(small.bytes()).isPositive();
        assertThat(left).isEmpty();
        assertThat(large.get(Key.of("k0")))
                .as("what somebody may have been shown")
                .isNotNull();
        load(large, "more");
        assertThat(large.get(Key.of("more"))).isNull();
        Entry newer = entry(2);
        large.heard(Key.of("k0"), newer);
        assertThat(large.get(Key.of("k0"))).isSameAs(newer);
        large.heard(Key.of("more"), newer);
        assertThat(large.get(Key.of("more"))).isNull();
        assertThat(large.bytes()).isZero();

        large.drop();
        assertThat(left).hasSize(keys);
        assertThat(large.get(Key.of("k0"))).isNull();
        large.drop();
        assertThat(left).hasSize(keys);
        large.beginAgain();
        load(large, "again");
        assertThat(large.bytes()).isPositive();
    }
}
