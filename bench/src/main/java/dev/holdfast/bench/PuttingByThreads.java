package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * The plain way: each writer writes the log itself and has two threads of its own, one for each home. That one sync serves many
 * is left to RocksDB, which groups the threads that wait.
 */
final class PuttingByThreads implements Putting {
    private final List<RocksDB> databases;
    private final WriteOptions synced;
    private final List<Partner> partners = new ArrayList<>();

    PuttingByThreads(List<RocksDB> databases, WriteOptions synced, int writers) {
        this.databases = databases;
        this.synced = synced;
        for (int i = 0; i < 2 * writers; i++) {
            partners.add(new Partner(databases.get(i % 2)));
        }
    }

    /** Puts into one database whenever it is told to. */
    private final class Partner {
        private final RocksDB database;
        private final Semaphore told = new Semaphore(0);
        private final Semaphore done = new Semaphore(0);
        private byte @Nullable [] key;
        private byte[] value = {};
        private @Nullable RocksDBException failure;

        Partner(RocksDB database) {
            this.database = database;
            Thread.ofPlatform().daemon().start(this::serve);
        }

        private void serve() {
            while (true) {
                told.acquireUninterruptibly();
                byte[] wanted = key;
                if (wanted == null) {
                    return;
                }
                try {
                    database.put(synced, wanted, value);
                } catch (RocksDBException e) {
                    failure = e;
                }
                done.release();
            }
        }

        void tell(byte @Nullable [] key, byte[] value) {
            this.key = key;
            this.value = value;
            told.release();
        }

        void await() throws RocksDBException, InterruptedException {
            done.acquire();
            if (failure != null) {
                throw failure;
            }
        }
    }

    @Override
    public Writer writer(int number) {
        Partner a = partners.get(2 * number);
        Partner b = partners.get(2 * number + 1);
        RocksDB log = databases.get(2);
        return (key, value, position, logged) -> {
            a.tell(key, value);
            b.tell(key, value);
            log.put(synced, position, logged);
            a.await();
            b.await();
        };
    }

    @Override
    public void close() {
        for (Partner partner : partners) {
            partner.tell(null, new byte[0]);
        }
    }
}
