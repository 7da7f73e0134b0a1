package dev.holdfast.providers.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.engine.provider.LocalStore;
import dev.holdfast.engine.provider.LocalStore.Batch;
import dev.holdfast.engine.provider.LocalStore.Entry;
import dev.holdfast.engine.provider.LocalStore.LocalStoreFault;
import dev.holdfast.engine.provider.LocalStore.Table;
import dev.holdfast.engine.time.SystemTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksLocalStoreTest {
    @TempDir
    Path temp;

    private Path directory;
    private LocalStore store;

    @BeforeEach
    void create() throws Exception {
        directory = temp.resolve("node");
        store = RocksLocalStore.create(directory, "here", RocksSettings.LOCAL, new SystemTime());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static byte[] b(int... bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = (byte) bytes[i];
        }
        return out;
    }

    private List<byte[]> keys(byte[] from, byte[] to, int limit) throws Exception {
        return store.scan(Table.HINTS, from, to, limit).stream().map(Entry::key).toList();
    }

    @Test
    void there_is_no_store_where_none_was_made() throws Exception {
        Path elsewhere = temp.resolve("elsewhere");
        assertThat(RocksLocalStore.open(elsewhere, "here", RocksSettings.LOCAL, new SystemTime()))
                .isEmpty();
        assertThat(elsewhere).doesNotExist();
    }

    @Test
    void a_batch_is_there_as_a_whole_after_reopening() throws Exception {
        store.commit(new Batch().put(Table.HINTS, b(9), b(9)));
        store.commit(new Batch()
                .put(Table.HINTS, b(1), b(1, 1))
                .put(Table.FEED, b(1), b(2))
                .delete(Table.HINTS, b(9)));
        store.close();
        store = RocksLocalStore.open(directory, "here", RocksSettings.LOCAL, new SystemTime())
                .orElseThrow();
        assertThat(store.get(Table.HINTS, b(1))).isEqualTo(b(1, 1));
        assertThat(store.get(Table.FEED, b(1))).isEqualTo(b(2));
        assertThat(store.get(Table.HINTS, b(9))).isNull();
        assertThat(store.get(Table.NODE, b(1))).isNull();
    }

    @Test
    void later_changes_of_a_batch_win() throws Exception {
        store.commit(
                new Batch().put(Table.NODE, b(1), b(1)).delete(Table.NODE, b(1)).put(Table.NODE, b(1), b(3)));
        assertThat(store.get(Table.NODE, b(1))).isEqualTo(b(3));
    }

    @Test
    void scans_are_in_unsigned_order_within_their_bounds() throws Exception {
        for (int i : new int[] {0x80, 0x00, 0xff, 0x7f}) {
            store.commit(new Batch().put(Table.HINTS, b(i), b()).put(Table.QUARANTINE, b(i, 1), b()));
        }
        assertThat(keys(b(), null, 10)).containsExactly(b(0), b(0x7f), b(0x80), b(0xff));
        assertThat(keys(b(0x7f), b(0xff), 10)).containsExactly(b(0x7f), b(0x80));
        assertThat(keys(b(), null, 2)).containsExactly(b(0), b(0x7f));
        assertThat(keys(b(0x80), b(0x80), 10)).isEmpty();
        assertThat(keys(b(), null, 0)).isEmpty();
    }

    @Test
    void a_range_is_deleted_up_to_its_end() throws Exception {
        for (int i = 0; i < 5; i++) {
            store.commit(new Batch().put(Table.HINTS, b(i), b()).put(Table.FEED, b(i), b()));
        }
        store.deleteRange(Table.HINTS, b(1), b(3));
        assertThat(keys(b(), null, 10)).containsExactly(b(0), b(3), b(4));
        store.deleteRange(Table.HINTS, b(4), b(0));
        assertThat(keys(b(), null, 10)).as("an empty range deletes nothing").hasSize(3);
        assertThat(store.scan(Table.FEED, b(), null, 10)).hasSize(5);
    }

    @Test
    void concurrent_commits_are_all_there() throws Exception {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                byte[] key = b(i);
                running.add(threads.submit(() -> {
                    store.commit(new Batch().put(Table.HINTS, key, key));
                    assertThat(store.get(Table.HINTS, key)).isEqualTo(key);
                    return null;
                }));
            }
            for (Future<?> commit : running) {
                commit.get();
            }
        }
        assertThat(keys(b(), null, 1000)).hasSize(200);
    }

    @Test
    void a_deleted_directory_fails_the_next_commit() throws Exception {
        Tampering.delete(directory);
        LocalStoreFault fault = catchThrowableOfType(
                LocalStoreFault.class, () -> store.commit(new Batch().put(Table.HINTS, b(1), b(1))));
        assertThat(fault.full()).isFalse();
        assertThat(fault).hasMessageContaining("deleted, moved or replaced").hasMessageContaining(directory.toString());
    }

    @Test
    void a_second_store_in_one_directory_is_refused() {
        assertThatThrownBy(() -> RocksLocalStore.open(directory, "here", RocksSettings.LOCAL, new SystemTime()))
                .isInstanceOf(LocalStoreFault.class)
                .hasMessageContaining("is in use");
    }

    @Test
    void a_closed_store_fails_and_nothing_else() {
        store.close();
        assertThatThrownBy(() -> store.commit(new Batch().put(Table.NODE, b(1), b(1))))
                .isInstanceOf(LocalStoreFault.class);
        assertThatThrownBy(() -> store.get(Table.NODE, b(1))).isInstanceOf(LocalStoreFault.class);
    }
}
