package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The thrifty way, which is the provider's: one thread for each database takes all that waits, and writes it as one batch with
 * one sync.
 */
final class PuttingByCommitters implements Putting {
    private final List<Committer> committers = new ArrayList<>();

    PuttingByCommitters(List<RocksDB> databases, WriteOptions synced) {
        for (RocksDB database : databases) {
            committers.add(new Committer(database, synced));
        }
    }

    /** What one writer waits for. */
    private static final class Outcome {
        final Semaphore done = new Semaphore(0);
        volatile @Nullable RocksDBException failure;
    }

    /** @param outcome null for the last of all */
    private record Put(byte[] key, byte[] value, @Nullable Outcome outcome) {}

    private static final class Committer {
        private final RocksDB database;
        private final WriteOptions synced;
        private final BlockingQueue<Put> waiting = new LinkedBlockingQueue<>();

        Committer(RocksDB database, WriteOptions synced) {
            this.database = database;
            this.synced = synced;
            Thread.ofPlatform().daemon().start(this::serve);
        }

        private void serve() {
            List<Put> group = new ArrayList<>();
            try {
                while (true) {
                    group.add(waiting.take());
                    waiting.drainTo(group);
                    commit(group);
                    if (group.removeLast().outcome == null) {
                        return;
                    }
                    group.clear();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void commit(List<Put> group) {
            RocksDBException failure = null;
            try (WriteBatch batch = new WriteBatch()) {
                for (Put put : group) {
                    if (put.outcome != null) {
                        batch.put(put.key, put.value);
                    }
                }
                database.write(synced, batch);
            } catch (RocksDBException e) {
                failure = e;
            }
            for (Put put : group) {
                if (put.outcome != null) {
                    if (failure != null) {
                        put.outcome.failure = failure;
                    }
                    put.outcome.done.release();
                }
            }
        }
    }

    @Override
    public Writer writer(int number) {
        Outcome outcome = new Outcome();
        return (key, value, position, logged) -> {
            committers.get(0).waiting.add(new Put(key, value, outcome));
            committers.get(1).waiting.add(new Put(key, value, outcome));
            committers.get(2).waiting.add(new Put(position, logged, outcome));
            outcome.done.acquire(committers.size());
            RocksDBException failure = outcome.failure;
            if (failure != null) {
                throw failure;
            }
        };
    }

    @Override
    public void close() {
        for (Committer committer : committers) {
            committer.waiting.add(new Put(new byte[0], new byte[0], null));
        }
    }
}
