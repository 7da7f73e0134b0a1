package dev.holdfast.providers.cassandra;

import dev.holdfast.engine.kv.Key;
import dev.holdfast.engine.kv.Record;
import dev.holdfast.engine.kv.Version;
import dev.holdfast.engine.provider.Provider.Exact;
import dev.holdfast.engine.provider.Put;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a bucket is asked to change, and where the outcome goes. */
sealed interface Change {

    CompletableFuture<?> outcome();

    /** The rows that decide it. */
    List<Key> keys();

    /** About how many bytes it adds. */
    int bytes();

    /** @param row how the record is to lie; its chunks are there already */
    record PutRecord(Key key, Record record, StoredRow row, boolean vouched, CompletableFuture<Put> outcome)
            implements Change {
        @Override
        public List<Key> keys() {
            return List.of(key);
        }

        @Override
        public int bytes() {
            return row.bytes();
        }
    }

    /** The outcome is how many rows were deleted. */
    record Collect(List<Exact> rows, CompletableFuture<Integer> outcome) implements Change {
        @Override
        public List<Key> keys() {
            return rows.stream().map(Exact::key).toList();
        }

        @Override
        public int bytes() {
            return 0;
        }
    }

    /** The outcome is the floor. */
    record RaiseFloor(Version floor, CompletableFuture<Version> outcome) implements Change {
        @Override
        public List<Key> keys() {
            return List.of();
        }

        @Override
        public int bytes() {
            return 0;
        }
    }
}
