package dev.holdfast.providers.rocksdb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open RocksDB with its column families, tuned for values of a few hundred bytes with some of many megabytes among them.
 *
 * <p>Reads may come from any thread; they pin the carrier of a virtual thread for as long as they take. Every use happens
 * between {@link #enter} and {@link #leave}.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    /** Larger values live in blob files, so that compaction does not rewrite them. */
    private static final long MIN_BLOB_BYTES = 8 * 1024;

    private static final long WRITE_BUFFER_BYTES = 32L * 1024 * 1024;
    private static final int OPEN_FILES = 512;

    /** What a reopening needs: the log's content is written once more, as tables. */
    static final long ROOM_TO_OPEN_BYTES = 2 * WRITE_BUFFER_BYTES;

    static {
        NativeLibrary.load();
    }

    /** In the order of creation; freed in the reverse order. */
    private final List<AbstractNativeReference> natives = new ArrayList<>();

    private final List<ColumnFamilyHandle> families = new ArrayList<>();
    private final Occupancy occupancy = new Occupancy();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Path directory;
    private final RocksDB db;
    private final ReadOptions reading;
    private final WriteOptions writing;

    /**
     * @param names the column families, the first being {@code default}; missing ones are created
     * @param create whether to make a new database; otherwise there must be one
     */
    Database(Path directory, List<String> names, RocksSettings settings, boolean create) throws RocksDBException {
        this.directory = directory;
        try {
            ColumnFamilyOptions table = tableOptions(settings);
            DBOptions options = databaseOptions(create);
            List<ColumnFamilyDescriptor> wanted = new ArrayList<>();
            for (String name : names) {
                wanted.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), table));
            }
            reading = keep(new ReadOptions());
            writing = keep(new WriteOptions().setSync(settings.sync()));
            db = keep(RocksDB.open(options, directory.toString(), wanted, families));
            natives.addAll(families);
        } catch (RocksDBException | RuntimeException e) {
            free();
            throw e;
        }
    }

    private ColumnFamilyOptions tableOptions(RocksSettings settings) {
        Cache cache = keep(new LRUCache(settings.cacheBytes()));
        BloomFilter bloom = keep(new BloomFilter(10));
        BlockBasedTableConfig blocks = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setFilterPolicy(bloom)
                .setWholeKeyFiltering(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setBlockSize(4 * 1024)
                // The newest that the tools of RocksDB 7, as Debian has them, can read.
                .setFormatVersion(5);
        return keep(new ColumnFamilyOptions())
                .setTableFormatConfig(blocks)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setEnableBlobFiles(true)
                .setMinBlobSize(MIN_BLOB_BYTES)
                .setEnableBlobGarbageCollection(true);
    }

    private DBOptions databaseOptions(boolean create) {
        return keep(new DBOptions())
                .setCreateIfMissing(create)
                .setErrorIfExists(create)
                .setCreateMissingColumnFamilies(true)
                // A power cut can leave the unsynced end of the log with holes, not only cut short, so "all but the
                // last
                // record must be whole" would refuse to open after an honest crash. See docs/on-provider-format.md.
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setParanoidChecks(true)
                .setMaxOpenFiles(OPEN_FILES)
                .setMaxBackgroundJobs(2)
                .setMaxTotalWalSize(4 * WRITE_BUFFER_BYTES)
                .setAvoidUnnecessaryBlockingIO(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1024 * 1024)
                .setKeepLogFileNum(2);
    }

    private <T extends AbstractNativeReference> T keep(T made) {
        natives.add(made);
        return made;
    }

    /** @return false when the database is closed; otherwise {@link #leave} must follow */
    boolean enter() {
        return occupancy.enter();
    }

    void leave() {
        occupancy.leave();
    }

    ColumnFamilyHandle family(int index) {
        return families.get(index);
    }

    byte @Nullable [] get(int family, byte[] key) throws RocksDBException {
        return db.get(families.get(family), reading, key);
    }

    /** The values of several keys, null for those that have none. Not by a multi-get, to which a key that cannot be read is one that is not there. */
    List<byte @Nullable []> getAll(int family, List<byte[]> keys) throws RocksDBException {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            values.add(get(family, key));
        }
        return values;
    }

    /**
     * Copies the beginning of a value.
     *
     * @return the size of the whole value, -1 when there is none
     */
    int peek(int family, byte[] key, byte[] into) throws RocksDBException {
        int size = db.get(families.get(family), reading, key, into);
        return size == RocksDB.NOT_FOUND ? -1 : size;
    }

    /** Sees each entry of a scan. */
    @FunctionalInterface
    interface Visitor {
        /** @return false to see no more */
        boolean see(byte[] key, byte[] value);
    }

    /**
     * Shows the entries from {@code from} (inclusive) to {@code to} (exclusive; null for the end) in order, as of one moment.
     * What is read for it does not push anything out of the cache.
     *
     * @return whether the visitor saw all there are
     */
    boolean scan(int family, byte[] from, byte @Nullable [] to, Visitor visitor) throws RocksDBException {
        try (ReadOptions options = new ReadOptions().setFillCache(false);
                Slice end = new Slice(to == null ? new byte[0] : to)) {
            if (to != null) {
                options.setIterateUpperBound(end);
            }
            try (RocksIterator entries = db.newIterator(families.get(family), options)) {
                entries.seek(from);
                while (entries.isValid()) {
                    if (!visitor.see(entries.key(), entries.value())) {
                        return false;
                    }
                    entries.next();
                }
                entries.status();
                return true;
            }
        }
    }

    void write(WriteBatch batch) throws RocksDBException {
        db.write(writing, batch);
    }

    /** Waits for those inside, then frees the database. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            occupancy.close();
            flush();
            free();
        }
    }

    /** What is in tables need not be read from the log by the next opening, which makes a start as quick after much writing as after none. */
    private void flush() {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, families);
        } catch (RocksDBException e) {
            LOG.warn("{} could not be flushed, so the next start reads its log: {}", directory, e.getMessage());
        }
    }

    private void free() {
        for (AbstractNativeReference each : natives.reversed()) {
            each.close();
        }
    }
}
