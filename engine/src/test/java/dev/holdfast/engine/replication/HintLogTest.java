package dev.holdfast.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.NamespaceId;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.FailureDomain;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.MemoryLocalStore;
import dev.holdfast.engine.provider.MemoryProvider;
import dev.holdfast.engine.time.SystemTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HintLogTest {
    private static final NamespaceId NAMESPACE = new NamespaceId(7, 8);
    private final MemoryLocalStore local = new MemoryLocalStore();
    private final Member a = member(0, "a");
    private final Member b = member(1, "b");
    private HintLog hints;

    private static Member member(int index, String name) {
        return new Member(
                index,
                new MemoryProvider(name, new FailureDomain("test", "here", name)),
                ReplicationConfig.DEFAULT,
                new SystemTime());
    }

    private static KeyRef ref(String key) {
        return new KeyRef(NAMESPACE, Key.of(key));
    }

    private static Record record(long millis) {
        return Record.of(Version.of(millis, 0, 1), ("v" + millis).getBytes());
    }

    @BeforeEach
    void open() throws LocalStoreFault {
        hints = new HintLog(local, new KeyLocks(), List.of("a", "b"));
    }

    @Test
    void newestHintOfAKeyWinsWhateverTheOrderOfArrival() throws Exception {
        hints.keep(ref("k"), record(5), List.of(b), new Batch());
        hints.keep(ref("k"), record(9), List.of(b), new Batch());
        hints.keep(ref("k"), record(7), List.of(b), new Batch());
        assertThat(hints.get(b, ref("k"))).contains(record(9));
        assertThat(hints.depth(b)).isEqualTo(1);
        assertThat(hints.waiting(b, null, 10))
                .containsExactly(new HintLog.Waiting(ref("k"), record(9).version()));
        assertThat(hints.get(a, ref("k"))).isEmpty();
    }

    @Test
    void drainedVersionDoesNotTakeANewerHintWithIt() throws Exception {
        hints.keep(ref("k"), record(5), List.of(b), new Batch());
        hints.keep(ref("k"), record(9), List.of(b), new Batch());
        hints.taken(b, ref("k"), record(5).version(), new Batch());
        assertThat(hints.get(b, ref("k"))).contains(record(9));
        hints.taken(b, ref("k"), record(9).version(), new Batch());
        assertThat(hints.get(b, ref("k"))).isEmpty();
        assertThat(hints.depth(b)).isZero();
    }

    @Test
    void hintsAreDrainedInTheOrderOfVersionsAndSurviveAReopening() throws Exception {
        for (long millis : new long[] {30, 10, 20}) {
            hints.keep(ref("k" + millis), record(millis), List.of(a, b), new Batch());
        }
        open();
        assertThat(hints.depth(a)).isEqualTo(3);
        List<HintLog.Waiting> first = hints.waiting(a, null, 2);
        assertThat(first).extracting(w -> w.version().millis()).containsExactly(10L, 20L);
        assertThat(hints.waiting(a, first.getLast(), 2))
                .extracting(w -> w.version().millis())
                .containsExactly(30L);
        assertThat(hints.oldest(a)).contains(record(10).version());
    }

    @Test
    void scanGivesTheKeysOfOneNamespaceInOrder() throws Exception {
        hints.keep(ref("b"), record(1), List.of(a), new Batch());
        hints.keep(ref("a"), record(2), List.of(a), new Batch());
        hints.keep(new KeyRef(new NamespaceId(7, 9), Key.of("c")), record(3), List.of(a), new Batch());
        assertThat(hints.scan(a, NAMESPACE, new byte[0], 10))
                .extracting(e -> new String(e.key()))
                .containsExactly("a", "b");
    }

    @Test
    void hintOfAFailedCommitIsRatherCountedThanOverlookedAndRecountingPutsItRight() throws Exception {
        local.failing(true);
        assertThatThrownBy(() -> hints.keep(ref("k"), record(1), List.of(a), new Batch()))
                .isInstanceOf(LocalStoreFault.class);
        assertThat(hints.depth(a)).isEqualTo(1);
        local.failing(false);
        hints.recount(a);
        assertThat(hints.depth(a)).isZero();
    }
}
