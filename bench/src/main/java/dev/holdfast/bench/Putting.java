package dev.holdfast.bench;

import org.rocksdb.RocksDBException;

/** A way to have many writers put into three databases, each put synced, the three of a writer at the same time. */
interface Putting extends AutoCloseable {

    /** Used by one thread. */
    @FunctionalInterface
    interface Writer {
        /** Puts the same into both homes, and an entry into the log; returns once all three are on disk. */
        void put(byte[] key, byte[] value, byte[] position, byte[] logged)
                throws RocksDBException, InterruptedException;
    }

    Writer writer(int number);

    /** Ends its threads; to be called when no put is under way. */
    @Override
    void close();
}
